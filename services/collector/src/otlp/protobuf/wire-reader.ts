import protobuf from 'protobufjs/minimal.js';
import { MalformedOtlpError } from '../decode-error.ts';

/** Wire types of the protobuf encoding; groups (3 and 4) were never used by OTLP. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH_DELIMITED = 2;
const FIXED32 = 5;
const WIRE_TYPE_NAMES: Readonly<Record<number, string>> = {
  [VARINT]: 'varint',
  [FIXED64]: 'fixed64',
  [LENGTH_DELIMITED]: 'length-delimited',
  3: 'group start',
  4: 'group end',
  [FIXED32]: 'fixed32',
};

const SKIPPED_TYPES: ReadonlySet<number> = new Set([VARINT, FIXED64, LENGTH_DELIMITED, FIXED32]);
const LONGEST_ID_BYTES = 64;

/**
 * Walks protobuf bytes field by field. Every read is checked against the enclosing message's end and the field's wire
 * type; whatever does not fit is a {@link MalformedOtlpError} that names the field and the byte.
 */
export class WireReader {
  readonly #reader: protobuf.Reader;
  /** Number of the current field; 0 at a message's end. */
  field = 0;
  #wireType = VARINT;
  /** Name of the field being read, for the error if it cannot be. */
  #name = '';

  constructor(body: Buffer) {
    this.#reader = protobuf.Reader.create(body);
  }

  /**
   * Runs `read` over the outermost message.
   * @throws {MalformedOtlpError} for whatever in the bytes is not protobuf, or not the expected field.
   */
  whole<Result>(read: () => Result): Result {
    try {
      return read();
    } catch (error) {
      throw this.#located(error);
    }
  }

  /** Moves to the next field of the current message; its number, or 0 at the message's end. */
  next(): number {
    const reader = this.#reader;
    this.#name = '';
    this.field = 0;
    if (reader.pos >= reader.len) return 0;
    const tag = reader.tag();
    this.#wireType = tag & 7;
    this.field = tag >>> 3;
    if (this.field === 0) throw this.#malformed('field number 0 does not exist');
    return this.field;
  }

  /** Reads the current field as a message. `read` must consume it up to where `next` gives 0. */
  message<Result>(field: string, read: () => Result): Result {
    const reader = this.#reader;
    const outerEnd = reader.len;
    reader.len = this.#endOf(field);
    try {
      return read();
    } catch (error) {
      throw this.#located(error).within(field);
    } finally {
      reader.len = outerEnd;
    }
  }

  /** Walks the fields of the current message without consuming it, for what must be known before the rest is read. */
  ahead(visit: (field: number) => void): void {
    const start = this.#reader.pos;
    for (let field = this.next(); field !== 0; field = this.next()) visit(field);
    this.#reader.pos = start;
  }

  /** Passes over the current field. */
  skip(): void {
    const wireType = this.#wireType;
    if (!SKIPPED_TYPES.has(wireType)) throw this.#malformed(`wire type ${wireType} does not occur in OTLP`);
    this.#reader.skipType(wireType);
  }

  /** The bytes of the current field, not copied. */
  bytes(field: string): Buffer {
    const end = this.#endOf(field);
    const bytes = this.#reader.raw(this.#reader.pos, end);
    this.#reader.pos = end;
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  string(field: string): string {
    return this.bytes(field).toString('utf8');
  }

  /** An identifier as hex; longer ones than any OTLP identifier are cut, which leaves them invalid. */
  hex(field: string): string {
    return this.bytes(field).subarray(0, LONGEST_ID_BYTES).toString('hex');
  }

  bool(field: string): boolean {
    this.#expect(field, VARINT);
    return this.#reader.bool();
  }

  /** An enum or a 32-bit unsigned integer. */
  uint32(field: string): number {
    this.#expect(field, VARINT);
    return this.#reader.uint32();
  }

  sint32(field: string): number {
    this.#expect(field, VARINT);
    return this.#reader.sint32();
  }

  int64(field: string): bigint {
    this.#expect(field, VARINT);
    return BigInt.asIntN(64, toBigInt(this.#reader.int64()));
  }

  fixed64(field: string): bigint {
    this.#expect(field, FIXED64);
    return this.#readFixed64();
  }

  sfixed64(field: string): bigint {
    return BigInt.asIntN(64, this.fixed64(field));
  }

  double(field: string): number {
    this.#expect(field, FIXED64);
    return this.#reader.double();
  }

  /** Calls `each` with the values of a repeated double, packed or not. */
  doubles(field: string, each: (value: number) => void): void {
    this.#repeated(field, { elementType: FIXED64, read: () => each(this.#reader.double()) });
  }

  /** Calls `each` with the values of a repeated fixed64, packed or not; beyond 2^53 they lose their last digits. */
  fixed64s(field: string, each: (value: number) => void): void {
    this.#repeated(field, { elementType: FIXED64, read: () => each(Number(this.#readFixed64())) });
  }

  /** Calls `each` with the values of a repeated uint64, packed or not; beyond 2^53 they lose their last digits. */
  uint64s(field: string, each: (value: number) => void): void {
    const read = (): void => each(Number(BigInt.asUintN(64, toBigInt(this.#reader.uint64()))));
    this.#repeated(field, { elementType: VARINT, read });
  }

  #repeated(field: string, { elementType, read }: { elementType: number; read: () => void }): void {
    if (this.#wireType === elementType) {
      this.#name = field;
      read();
      return;
    }
    this.message(field, () => {
      while (this.#reader.pos < this.#reader.len) read();
    });
  }

  #readFixed64(): bigint {
    const low = this.#reader.fixed32();
    return (BigInt(this.#reader.fixed32()) << 32n) | BigInt(low);
  }

  /** Reads the length of the current field and gives the position after it. */
  #endOf(field: string): number {
    this.#expect(field, LENGTH_DELIMITED);
    const reader = this.#reader;
    const length = reader.size();
    const left = reader.len - reader.pos;
    if (length > left) throw this.#malformed(`says it is ${length} bytes long where ${left} are left`);
    this.#name = '';
    return reader.pos + length;
  }

  #expect(field: string, wireType: number): void {
    this.#name = field;
    if (this.#wireType === wireType) return;
    const found = WIRE_TYPE_NAMES[this.#wireType] ?? `wire type ${this.#wireType}`;
    throw this.#malformed(`must be ${WIRE_TYPE_NAMES[wireType]}, is ${found}`);
  }

  #malformed(reason: string): MalformedOtlpError {
    return new MalformedOtlpError(this.#name, `${reason} (at byte ${this.#reader.pos})`);
  }

  /** protobufjs reports a read past the end as RangeError, and an impossible encoding as plain Error. */
  #located(error: unknown): MalformedOtlpError {
    if (error instanceof MalformedOtlpError) return error;
    return this.#malformed(error instanceof RangeError ? 'the bytes end inside it' : 'is not protobuf');
  }
}

/** protobufjs gives 64-bit integers as two halves. */
function toBigInt(value: ReturnType<protobuf.Reader['int64']>): bigint {
  if (typeof value === 'number') return BigInt(value);
  return (BigInt(value.high) << 32n) | BigInt(value.low >>> 0);
}
