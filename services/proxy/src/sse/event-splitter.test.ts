import assert from 'node:assert/strict';
import { test } from 'node:test';
import { EventSplitter, EventTooLargeError } from './event-splitter.ts';

const text = (events: readonly Uint8Array[]) => events.map((event) => Buffer.from(event).toString());

test('cuts events at empty lines, whatever ends the lines', () => {
  const splitter = new EventSplitter({ limitBytes: 100 });
  assert.deepEqual(text(splitter.push(Buffer.from('data: a\n\n: hi\n\ndata: b\r\n\r\ndata: c\r\r'))), [
    'data: a\n\n',
    ': hi\n\n',
    'data: b\r\n\r',
    '\ndata: c\r\r',
  ]);
});

test('finds the same events wherever the chunks are cut, and loses no byte', () => {
  const stream = Buffer.from('data: é😀\n\ndata: {"a":1}\r\n\r\nevent: x\ndata: y\n\n:\n\ndata: [DONE]\n\n');
  const whole = text(new EventSplitter({ limitBytes: 1000 }).push(stream));
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const splitter = new EventSplitter({ limitBytes: 1000 });
    const events = [...splitter.push(stream.subarray(0, cut)), ...splitter.push(stream.subarray(cut))];
    assert.deepEqual(text(events), whole);
    assert.deepEqual(Buffer.concat([...events, splitter.rest()]), stream);
  }
});

test('finds the same events byte by byte', () => {
  const stream = Buffer.from('data: é😀\r\n\r\ndata: 2\n\n');
  const splitter = new EventSplitter({ limitBytes: 1000 });
  const events = [...stream].flatMap((byte) => splitter.push(Uint8Array.of(byte)));
  assert.deepEqual(Buffer.concat(events), stream);
  assert.equal(events.length, 2);
});

test('keeps what is unfinished', () => {
  const splitter = new EventSplitter({ limitBytes: 100 });
  assert.deepEqual(splitter.push(Buffer.from('data: half\n')), []);
  assert.equal(splitter.heldBytes, 11);
  assert.equal(Buffer.from(splitter.rest()).toString(), 'data: half\n');
  assert.equal(splitter.heldBytes, 0);
});

test('refuses an event over the limit, in one chunk or in many', () => {
  const whole = new EventSplitter({ limitBytes: 10 });
  assert.throws(() => whole.push(Buffer.from('data: 1234567890\n\n')), EventTooLargeError);
  const pieces = new EventSplitter({ limitBytes: 10 });
  pieces.push(Buffer.from('data: 12'));
  assert.throws(() => pieces.push(Buffer.from('34567')), /larger than 10 bytes/);
});
