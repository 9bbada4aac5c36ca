import protobuf from 'protobufjs/minimal.js';

/** Encodes single protobuf fields for tests, so that a test shows the wire as it is. */

export function varint(field: number, value: number): Buffer {
  return finish(
    protobuf.Writer.create()
      .uint32((field << 3) | 0)
      .int64(value),
  );
}

export function zigzag(field: number, value: number): Buffer {
  return finish(
    protobuf.Writer.create()
      .uint32((field << 3) | 0)
      .sint32(value),
  );
}

export function fixed64(field: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(BigInt.asUintN(64, value));
  return Buffer.concat([tag(field, 1), bytes]);
}

export function double(field: number, value: number): Buffer {
  return Buffer.concat([tag(field, 1), doubles([value])]);
}

export function bytes(field: number, value: Buffer): Buffer {
  return Buffer.concat([tag(field, 2), finish(protobuf.Writer.create().uint32(value.length)), value]);
}

export function text(field: number, value: string): Buffer {
  return bytes(field, Buffer.from(value));
}

export function message(field: number, ...fields: Buffer[]): Buffer {
  return bytes(field, Buffer.concat(fields));
}

export function packedDoubles(field: number, values: number[]): Buffer {
  return bytes(field, doubles(values));
}

export function packedFixed64(field: number, values: number[]): Buffer {
  return bytes(field, Buffer.concat(values.map((value) => fixed64(1, BigInt(value)).subarray(1))));
}

export function packedVarints(field: number, values: number[]): Buffer {
  const writer = protobuf.Writer.create();
  for (const value of values) writer.uint64(value);
  return bytes(field, finish(writer));
}

/** A KeyValue in `field`, its AnyValue given as encoded fields. */
export function keyValue(field: number, key: string, ...value: Buffer[]): Buffer {
  return message(field, text(1, key), message(2, ...value));
}

export function tag(field: number, wireType: number): Buffer {
  return finish(protobuf.Writer.create().uint32((field << 3) | wireType));
}

function doubles(values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 8);
  for (const [index, value] of values.entries()) buffer.writeDoubleLE(value, index * 8);
  return buffer;
}

function finish(writer: protobuf.Writer): Buffer {
  return Buffer.from(writer.finish());
}
