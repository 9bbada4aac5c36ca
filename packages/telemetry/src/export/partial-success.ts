/** What an OTLP receiver says it did not take of a batch it otherwise took. */
export interface PartialSuccess {
  readonly rejected: number;
  readonly message: string;
}

const lengthDelimited = 2;
const varint = 0;

/**
 * Reads `partial_success` (field 1: rejected count in field 1, message in field 2) of an OTLP export response. Anything
 * that is no such response says nothing was rejected: the receiver has answered with success.
 */
export function readPartialSuccess(response: Uint8Array): PartialSuccess {
  const message = fieldsOf(response).get(1);
  if (!(message instanceof Uint8Array)) return { rejected: 0, message: '' };
  const fields = fieldsOf(message);
  const rejected = fields.get(1);
  const text = fields.get(2);
  return {
    rejected: typeof rejected === 'number' && rejected > 0 ? rejected : 0,
    message: text instanceof Uint8Array ? Buffer.from(text).toString() : '',
  };
}

/** Varint and length-delimited fields by number, up to the first thing that is neither. */
function fieldsOf(bytes: Uint8Array): Map<number, number | Uint8Array> {
  const fields = new Map<number, number | Uint8Array>();
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
      fields.set(field, readVarint());
    } else if (tag % 8 === lengthDelimited) {
      const length = readVarint();
      fields.set(field, bytes.subarray(position, position + length));
      position += length;
    } else {
      break;
    }
  }
  return fields;
}
