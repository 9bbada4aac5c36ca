/** What is taken lies side by side in pieces of memory of this size. */
const chunkBytes = 64 * 1024;
const oneByteLength = 0x80;
const maximumVarintBytes = 10;
/** Up to here a loop over character codes beats two calls into native code. */
const shortText = 64;
const maximumRememberedKeys = 1_000;

const hexValues = new Uint8Array(128);
for (let value = 0; value < 16; value++) hexValues[value.toString(16).charCodeAt(0)] = value;

/**
 * Writes protobuf wire format into one growing buffer. Nested messages are written in place: a byte is kept for the
 * length, and only messages of 128 bytes or more are shifted to make room for a longer one.
 */
export class ProtobufWriter {
  #buffer = Buffer.allocUnsafeSlow(chunkBytes);
  /** Of the present message: what is before it was taken. */
  #start = 0;
  #position = 0;
  readonly #keys = new Map<string, Buffer>();

  /** The bytes written since the last call, as a copy; the writer is empty afterwards. */
  finish(): Buffer {
    return Buffer.from(this.view());
  }

  /**
   * The bytes written since the last call, to be kept, without a copy (1.3 µs for a span): the next message is written
   * behind them. They share a piece of 64 KiB, which is free again when all in it are.
   */
  take(): Buffer {
    const bytes = this.#buffer.subarray(this.#start, this.#position);
    this.#start = this.#position;
    return bytes;
  }

  /** The bytes written since the last call, in place: they last until the next write. The writer is empty afterwards. */
  view(): Uint8Array {
    const bytes = this.#buffer.subarray(this.#start, this.#position);
    this.#position = this.#start;
    return bytes;
  }

  /** A nested message that is encoded already. */
  message(field: number, bytes: Uint8Array): void {
    this.#tag(field, 2);
    this.#varint(bytes.length);
    this.raw(bytes);
  }

  /** What is encoded already, fields with their tags. */
  raw(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#position);
    this.#position += bytes.length;
  }

  /** A text field; the empty default is not written. */
  string(field: number, value: string): void {
    if (value !== '') this.stringMember(field, value);
  }

  /** A text that is a member of a oneof: written also when empty, because its presence says which member is set. */
  stringMember(field: number, value: string): void {
    this.#tag(field, 2);
    if (value.length <= shortText && this.#shortAscii(value)) return;
    this.#reserve(value.length * 3 + maximumVarintBytes);
    const length = Buffer.byteLength(value);
    this.#varint(length);
    this.#position += this.#buffer.write(value, this.#position, length, 'utf8');
  }

  /** A text field whose values recur, such as attribute keys: its bytes are remembered. */
  key(field: number, value: string): void {
    let bytes = this.#keys.get(value);
    if (bytes === undefined) {
      bytes = Buffer.from(value);
      if (this.#keys.size < maximumRememberedKeys) this.#keys.set(value, bytes);
    }
    this.message(field, bytes);
  }

  /** A bytes field given as lower-case hex digits. */
  hex(field: number, value: string): void {
    if (value === '') return;
    this.#tag(field, 2);
    this.#varint(value.length / 2);
    this.#reserve(value.length / 2);
    for (let index = 0; index < value.length; index += 2) {
      const high = hexValues[value.charCodeAt(index)] as number;
      this.#buffer[this.#position++] = (high << 4) | (hexValues[value.charCodeAt(index + 1)] as number);
    }
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

  /**
   * Unix milliseconds with a fraction as nanoseconds in a fixed64. The product needs 61 bits; it is made of two that
   * fit a double exactly, which is several times faster than a bigint.
   */
  unixNano(field: number, unixMs: number): void {
    this.#tag(field, 1);
    this.#reserve(8);
    const wholeMs = Math.floor(unixMs);
    const upper = Math.floor(wholeMs / 0x10000) * 1e6;
    const lower =
      (upper % 0x10000) * 0x10000 + (wholeMs % 0x10000) * 1e6 + Math.round((unixMs - wholeMs) * 1e6);
    const carry = Math.floor(lower / 0x100000000);
    this.#position = this.#buffer.writeUInt32LE(lower - carry * 0x100000000, this.#position);
    this.#position = this.#buffer.writeUInt32LE(Math.floor(upper / 0x10000) + carry, this.#position);
  }

  /** Begins a nested message; {@link end} with what is returned ends it. */
  begin(field: number): number {
    this.#tag(field, 2);
    this.#reserve(1);
    return this.#position++ - this.#start;
  }

  /** Ends the nested message that {@link begin} began. */
  end(begun: number): void {
    const length = this.#position - this.#start - begun - 1;
    if (length < oneByteLength) {
      this.#buffer[this.#start + begun] = length;
      return;
    }
    const extra = varintBytes(length) - 1;
    this.#reserve(extra);
    const lengthAt = this.#start + begun;
    this.#buffer.copyWithin(lengthAt + 1 + extra, lengthAt + 1, this.#position);
    const end = this.#position + extra;
    this.#position = lengthAt;
    this.#varint(length);
    this.#position = end;
  }

  /** Writes length and text when every character is ASCII; otherwise leaves nothing behind and says false. */
  #shortAscii(value: string): boolean {
    this.#reserve(shortText + 1);
    const start = this.#position;
    this.#buffer[this.#position++] = value.length;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code >= 0x80) {
        this.#position = start;
        return false;
      }
      this.#buffer[this.#position++] = code;
    }
    return true;
  }

  /** Fields up to 15 take one byte, which is nearly all of them. */
  #tag(field: number, wireType: number): void {
    const tag = field * 8 + wireType;
    if (tag >= 0x80) {
      this.#varint(tag);
      return;
    }
    this.#reserve(1);
    this.#buffer[this.#position++] = tag;
  }

  #varint(value: number): void {
    this.#reserve(maximumVarintBytes);
    let rest = value;
    while (rest >= 0x80) {
      this.#buffer[this.#position++] = (rest % 0x80) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    this.#buffer[this.#position++] = rest;
  }

  #bigVarint(value: bigint): void {
    this.#reserve(maximumVarintBytes);
    let rest = value;
    while (rest >= 0x80n) {
      this.#buffer[this.#position++] = Number(rest & 0x7fn) | 0x80;
      rest >>= 7n;
    }
    this.#buffer[this.#position++] = Number(rest);
  }

  #reserve(bytes: number): void {
    if (this.#position + bytes <= this.#buffer.length) return;
    const written = this.#position - this.#start;
    const grown = Buffer.allocUnsafeSlow(Math.max(chunkBytes, 2 * (written + bytes)));
    this.#buffer.copy(grown, 0, this.#start, this.#position);
    this.#buffer = grown;
    this.#start = 0;
    this.#position = written;
  }
}

function varintBytes(value: number): number {
  let bytes = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes++;
  return bytes;
}
