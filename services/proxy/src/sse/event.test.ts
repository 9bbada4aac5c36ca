import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataEvent, readEvent } from './event.ts';

test('reads data with and without the space, over several lines, and the name', () => {
  assert.deepEqual(readEvent(Buffer.from('event: error\ndata:1\ndata: 2\r\ndata\n\n')), {
    name: 'error',
    data: '1\n2\n',
  });
});

test('one line of data is read like any other event', () => {
  for (const [text, data] of [
    ['data: {"a":1}\n\n', '{"a":1}'],
    ['data: x\r\n\r\n', 'x'],
    ['data: x\n\r', 'x'],
    ['data: \n\n', ''],
    ['data:  x\n\n', ' x'],
    ['data: a\ndata: b\n\n', 'a\nb'],
  ] as const) {
    assert.deepEqual(readEvent(Buffer.from(text)), { name: '', data }, JSON.stringify(text));
  }
});

test('a comment, a blank line and an unknown field have no data', () => {
  for (const event of [': keep-alive\n\n', '\n', 'database: 1\n\n', 'id: 3\n\n']) {
    assert.equal(readEvent(Buffer.from(event)).data, undefined, event);
  }
});

test('reads an event after a byte order mark and what it wrote itself', () => {
  assert.equal(readEvent(Buffer.from('\uFEFFdata: x\n\n')).data, 'x');
  assert.equal(readEvent(dataEvent({ a: 'é\n' })).data, '{"a":"é\\n"}');
});
