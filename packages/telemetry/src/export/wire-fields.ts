const lengthDelimited = 2;
const varint = 0;

/**
 * The fields of a protobuf message that came from outside, numbers and length-delimited ones, up to the first thing that
 * is neither. A length beyond the end takes what is there.
 */
export function* wireFields(
  bytes: Uint8Array,
): Generator<readonly [field: number, value: number | Uint8Array]> {
  let position = 0;

  function readVarint(): number {
    let value = 0;
    for (let scale = 1; position < bytes.length; scale *= 0x80) {
      const byte = bytes[position++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) break;
    }
    return value;
  }

  while (position < bytes.length) {
    const tag = readVarint();
    const field = Math.floor(tag / 8);
    if (tag % 8 === varint) {
      yield [field, readVarint()];
    } else if (tag % 8 === lengthDelimited) {
      const length = readVarint();
      yield [field, bytes.subarray(position, position + length)];
      position += length;
    } else {
      return;
    }
  }
}
