import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dropOldest } from './drop-oldest.ts';

test('the oldest go when there are too many, several at once, from maps and sets', () => {
  const set = new Set<number>();
  const map = new Map<number, string>();
  for (let key = 0; key < 1000; key += 1) {
    set.add(key);
    map.set(key, 'value');
    dropOldest(set, 64);
    dropOldest(map, 64);
    assert.ok(set.size <= 64 && map.size <= 64);
  }
  assert.deepEqual([...set], [...map.keys()]);
  assert.deepEqual(
    [...set],
    Array.from({ length: set.size }, (_, index) => 1000 - set.size + index),
  );
  assert.ok(set.size >= 60);
});

test('nothing goes from what is not too large, and a small one keeps its maximum', () => {
  const set = new Set([1, 2, 3]);
  dropOldest(set, 3);
  assert.equal(set.size, 3);
  dropOldest(set, 2);
  assert.deepEqual([...set], [2, 3]);
});
