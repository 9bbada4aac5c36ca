/** A field of a protobuf message. */
export interface WireField {
  readonly number: number;
  /** Of a number; 0 for other fields. */
  readonly varint: number;
  /** Of a text, bytes or a message; empty for other fields. */
  readonly bytes: Buffer;
}

const none = Buffer.alloc(0);
/** Bytes of the wire types that have a fixed length. */
const fixedLengths: Readonly<Record<number, number>> = { 1: 8, 5: 4 };

function readVarint(message: Buffer, offset: number): { value: number; next: number } {
  let value = 0;
  let scale = 1;
  for (let next = offset; next < message.length; scale *= 128) {
    const byte = message[next++] as number;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next };
  }
  throw new RangeError('The message ends within a number.');
}

/** The fields of a message, in their order. */
export function* readFields(message: Buffer): Generator<WireField> {
  for (let offset = 0; offset < message.length; ) {
    const tag = readVarint(message, offset);
    const number = tag.value >>> 3;
    const type = tag.value & 7;
    const fixed = fixedLengths[type];
    if (fixed !== undefined) {
      offset = tag.next + fixed;
      yield { number, varint: 0, bytes: none };
      continue;
    }
    const { value, next } = readVarint(message, tag.next);
    offset = type === 2 ? next + value : next;
    yield { number, varint: value, bytes: type === 2 ? message.subarray(next, offset) : none };
  }
}
