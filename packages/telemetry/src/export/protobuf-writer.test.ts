import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProtobufWriter } from './protobuf-writer.ts';

const chunkBytes = 64 * 1024;

/** A message within a message, long enough that its length takes more than one byte. */
function write(writer: ProtobufWriter, text: string): void {
  const outer = writer.begin(1);
  const inner = writer.begin(2);
  writer.string(3, text);
  writer.end(inner);
  writer.end(outer);
}

function written(text: string): Buffer {
  const writer = new ProtobufWriter();
  write(writer, text);
  return writer.finish();
}

test('what was taken stays as it was while more is written, within a piece of memory and beyond', () => {
  const writer = new ProtobufWriter();
  const texts = Array.from({ length: 300 }, (_, index) => `${index} `.repeat(200 + index));
  const taken = texts.map((text) => {
    write(writer, text);
    return writer.take();
  });
  for (const [index, text] of texts.entries()) assert.deepEqual(taken[index], written(text));
});

test('messages lie side by side in memory they share', () => {
  const writer = new ProtobufWriter();
  write(writer, 'one');
  const one = writer.take();
  write(writer, 'two');
  const two = writer.take();
  assert.equal(one.buffer, two.buffer);
  assert.equal(two.byteOffset, one.byteOffset + one.length);
});

test('a message that outgrows its memory while it is written moves as a whole', () => {
  const writer = new ProtobufWriter();
  write(writer, 'before');
  const before = writer.take();
  const long = 'x'.repeat(3 * chunkBytes);
  write(writer, long);
  assert.deepEqual(writer.take(), written(long));
  assert.deepEqual(before, written('before'));
});

test('what is only looked at is written over by the next message, what was taken is not', () => {
  const writer = new ProtobufWriter();
  write(writer, 'kept');
  const kept = writer.take();
  write(writer, 'seen');
  const seen = writer.view();
  write(writer, 'next');
  assert.deepEqual(Buffer.from(seen), written('next'));
  assert.deepEqual(kept, written('kept'));
});
