const initialBytes = 16 * 1024;
const oneByteLength = 0x80;

/**
 * Writes protobuf wire format into one growing buffer. Nested messages are written in place: a byte is kept for the
 * length, and only messages of 128 bytes or more are shifted to make room for a longer one.
 */
export class ProtobufWriter {
  #buffer = Buffer.allocUnsafe(initialBytes);
  #position = 0;

  /** The bytes written so far, as a copy. */
  finish(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.#position));
  }

  /** A text field; the empty default is not written. */
  string(field: number, value: string): void {
    if (value !== '') this.stringMember(field, value);
  }

  /** A text that is a member of a oneof: written also when empty, because its presence says which member is set. */
  stringMember(field: number, value: string): void {
    this.#tag(field, 2);
    this.#reserve(value.length * 3 + 5);
    const length = Buffer.byteLength(value);
    this.#varint(length);
    this.#position += this.#buffer.write(value, this.#position, length, 'utf8');
  }

  /** A bytes field given as hex digits. */
  hex(field: number, value: string): void {
    if (value === '') return;
    this.#tag(field, 2);
    this.#varint(value.length / 2);
    this.#reserve(value.length / 2);
    this.#position += this.#buffer.write(value, this.#position, 'hex');
  }

  /** An unsigned integer up to 2^53; zero is the default and not written. */
  unsigned(field: number, value: number): void {
    if (value === 0) return;
    this.#tag(field, 0);
    this.#varint(value);
  }

  /** An int64 in two's complement; written also when zero, as members of a oneof must be. */
  integer(field: number, value: number): void {
    this.#tag(field, 0);
    if (value >= 0) this.#varint(value);
    else this.#bigVarint(BigInt.asUintN(64, BigInt(value)));
  }

  boolean(field: number, value: boolean): void {
    this.#tag(field, 0);
    this.#varint(value ? 1 : 0);
  }

  double(field: number, value: number): void {
    this.#tag(field, 1);
    this.#reserve(8);
    this.#position = this.#buffer.writeDoubleLE(value, this.#position);
  }

  fixed32(field: number, value: number): void {
    this.#tag(field, 5);
    this.#reserve(4);
    this.#position = this.#buffer.writeUInt32LE(value, this.#position);
  }

  /** Unix milliseconds with a fraction as nanoseconds in a fixed64. */
  unixNano(field: number, unixMs: number): void {
    this.#tag(field, 1);
    this.#reserve(8);
    const wholeMs = Math.floor(unixMs);
    const nanoseconds = BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((unixMs - wholeMs) * 1e6));
    this.#position = this.#buffer.writeBigUInt64LE(nanoseconds, this.#position);
  }

  /** A nested message. */
  message(field: number, write: () => void): void {
    this.#tag(field, 2);
    this.#reserve(1);
    const lengthAt = this.#position++;
    write();
    const length = this.#position - lengthAt - 1;
    if (length < oneByteLength) {
      this.#buffer[lengthAt] = length;
      return;
    }
    const extra = varintBytes(length) - 1;
    this.#reserve(extra);
    this.#buffer.copyWithin(lengthAt + 1 + extra, lengthAt + 1, this.#position);
    const end = this.#position + extra;
    this.#position = lengthAt;
    this.#varint(length);
    this.#position = end;
  }

  #tag(field: number, wireType: number): void {
    this.#varint(field * 8 + wireType);
  }

  #varint(value: number): void {
    this.#reserve(10);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#position++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#position++] = rest;
  }

  #bigVarint(value: bigint): void {
    this.#reserve(10);
    let rest = value;
    while (rest >= 0x80n) {
      this.#buffer[this.#position++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#position++] = Number(rest);
  }

  #reserve(bytes: number): void {
    if (this.#position + bytes <= this.#buffer.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#buffer.length * 2, this.#position + bytes));
    this.#buffer.copy(grown, 0, 0, this.#position);
    this.#buffer = grown;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}
