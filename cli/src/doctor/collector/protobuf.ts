/** A field of a protobuf message; messages are the fields one after the other. */
export type Field = Buffer;

/** A message, bytes or a text. */
export function nested(field: number, ...content: readonly (Buffer | string)[]): Field {
  const body = Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
  return Buffer.concat([varint(field * 8 + 2), varint(body.length), body]);
}

/** An unsigned integer. */
export function unsigned(field: number, value: number): Field {
  return Buffer.concat([varint(field * 8), varint(value)]);
}

/** A fixed64, such as nanoseconds. */
export function fixed64(field: number, value: bigint): Field {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return Buffer.concat([varint(field * 8 + 1), bytes]);
}

export function double(field: number, value: number): Field {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(field * 8 + 1), bytes]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.from([...bytes, rest]);
}
