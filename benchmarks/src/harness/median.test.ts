import assert from 'node:assert/strict';
import { test } from 'node:test';
import { median, spreadOf } from './median.ts';

test('the median is the middle one, or between the two in the middle', () => {
  assert.equal(median([3, 1, 100]), 3);
  assert.equal(median([4, 1, 2, 100]), 3);
  assert.ok(Number.isNaN(median([])));
});

test('a spread has the least and the most beside it', () => {
  assert.deepEqual(spreadOf([3, 1, 100]), { median: 3, minimum: 1, maximum: 100 });
  assert.ok(Object.values(spreadOf([])).every(Number.isNaN));
});
