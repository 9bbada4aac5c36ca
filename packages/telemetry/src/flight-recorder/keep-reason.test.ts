import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isTraceId, markedReason, parseKeepReason } from './keep-reason.ts';

test('a mark becomes a short lower-case name', () => {
  assert.equal(markedReason('negative_balance'), 'marked:negative_balance');
  assert.equal(markedReason('Negative balance\r\nX-Evil: 1'), 'marked:negative_balance__x-evil__1');
  assert.equal(markedReason(''), 'marked:unnamed');
  assert.equal(markedReason('x'.repeat(1_000)).length, 'marked:'.length + 64);
});

test('only reasons of ours are believed', () => {
  for (const reason of ['error', 'slow', 'status', 'marked:a.b-c_1']) {
    assert.equal(parseKeepReason(reason), reason);
  }
  for (const value of [
    '',
    'why not',
    'marked:',
    'marked:A',
    `marked:${'x'.repeat(65)}`,
    'error\n',
    7,
    ['error'],
  ]) {
    assert.equal(parseKeepReason(value), undefined, String(value));
  }
});

test('a trace id is 32 lower-case hex digits, not all zero', () => {
  assert.equal(isTraceId('0123456789abcdef0123456789abcdef'), true);
  for (const value of [
    '0'.repeat(32),
    'A'.repeat(32),
    'a'.repeat(31),
    'a'.repeat(33),
    `${'a'.repeat(32)}\n`,
    1,
  ]) {
    assert.equal(isTraceId(value), false, String(value));
  }
});
