import { keyNumberField, keyNumbers } from '../export/key-numbers.ts';
import { ProtobufWriter } from '../export/protobuf-writer.ts';
import { ProtobufReader } from './protobuf-reader.ts';

/** What is to be rewritten in a message: fields that are messages themselves, or attributes. */
interface Rules {
  readonly [field: number]: Rules | 'attribute';
}

/** Attributes of a span, of its events and of its links. */
const spanRules: Rules = { 9: 'attribute', 11: { 3: 'attribute' }, 13: { 4: 'attribute' } };

const writer = new ProtobufWriter();

/** A span as it lay in the ring, in the form that OTLP has: with keys in place of their numbers, all else as it is. */
export function expandKeys(bytes: Buffer): Buffer {
  copyMessage(bytes, spanRules);
  return writer.finish();
}

function copyMessage(bytes: Buffer, rules: Rules): void {
  const reader = new ProtobufReader(bytes);
  for (let start = 0, field = reader.nextField(); field !== 0; field = reader.nextField()) {
    const rule = rules[field];
    if (rule === undefined) {
      reader.skip();
      writer.raw(bytes.subarray(start, reader.position));
    } else {
      const message = writer.begin(field);
      if (rule === 'attribute') copyAttribute(reader.bytes());
      else copyMessage(reader.bytes(), rule);
      writer.end(message);
    }
    start = reader.position;
  }
}

function copyAttribute(bytes: Buffer): void {
  const reader = new ProtobufReader(bytes);
  for (let start = 0, field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === keyNumberField) {
      writer.key(1, keyNumbers.keyOf(reader.varint()));
    } else {
      reader.skip();
      writer.raw(bytes.subarray(start, reader.position));
    }
    start = reader.position;
  }
}
