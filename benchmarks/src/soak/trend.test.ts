import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mediansOfThirds, slopePerMinute } from './trend.ts';

function points(amounts: readonly number[]) {
  return amounts.map((amount, index) => ({ seconds: index * 2, amount }));
}

test('the medians of thirds pass over single outliers', () => {
  assert.deepEqual(mediansOfThirds(points([1, 1, 90, 2, 2, 2, 5, 0, 5])), [1, 2, 5]);
});

test('the slope is that of steady growth, and none of a single step or of noise', () => {
  const count = 150;
  const growing = points(Array.from({ length: count }, (_, index) => 300 + index * 0.1 + (index % 5)));
  assert.ok(Math.abs(slopePerMinute(growing) - 3) < 0.1, String(slopePerMinute(growing)));
  const stepping = points(Array.from({ length: count }, (_, index) => (index < 100 ? 300 : 308)));
  assert.equal(slopePerMinute(stepping), 0);
  assert.equal(slopePerMinute(points([])), 0);
});
