const pairBase = 0x1_0000_0000;

/** Reads protobuf fields one after the other from bytes that our own writer wrote: it trusts them. */
export class ProtobufReader {
  readonly #bytes: Buffer;
  #position = 0;
  #wireType = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  /** Behind what was read last. */
  get position(): number {
    return this.#position;
  }

  /** The number of the next field; 0 at the end. */
  nextField(): number {
    if (this.#position >= this.#bytes.length) return 0;
    const tag = this.varint();
    this.#wireType = tag & 7;
    return Math.floor(tag / 8);
  }

  varint(): number {
    let value = 0;
    for (let factor = 1; this.#position < this.#bytes.length; factor *= 0x80) {
      const byte = this.#bytes[this.#position++] as number;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    return value;
  }

  /** An int64 in two's complement, as a number. */
  integer(): number {
    let value = 0n;
    for (let shift = 0n; this.#position < this.#bytes.length; shift += 7n) {
      const byte = this.#bytes[this.#position++] as number;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) break;
    }
    return Number(BigInt.asIntN(64, value));
  }

  double(): number {
    this.#position += 8;
    return this.#bytes.readDoubleLE(this.#position - 8);
  }

  fixed32(): number {
    this.#position += 4;
    return this.#bytes.readUInt32LE(this.#position - 4);
  }

  /** A fixed64 of Unix nanoseconds as milliseconds with a fraction. */
  unixMs(): number {
    const low = this.fixed32();
    return (this.fixed32() * pairBase + low) / 1e6;
  }

  bytes(): Buffer {
    const length = this.varint();
    this.#position += length;
    return this.#bytes.subarray(this.#position - length, this.#position);
  }

  text(): string {
    return this.bytes().toString('utf8');
  }

  /** Passes over the value of the field that {@link nextField} found. */
  skip(): void {
    if (this.#wireType === 0) this.varint();
    else if (this.#wireType === 1) this.#position += 8;
    else if (this.#wireType === 2) this.bytes();
    else this.#position += 4;
  }
}
