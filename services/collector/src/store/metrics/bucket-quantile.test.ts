import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bucket, bucketQuantile, parseBound } from './bucket-quantile.ts';

function buckets(...pairs: [upperBound: number, rate: number][]): Bucket[] {
  return pairs.map(([upperBound, rate]) => ({ upperBound, rate }));
}

const INF = Number.POSITIVE_INFINITY;

test('interpolates linearly inside the bucket that holds the rank', () => {
  const histogram = buckets([0.1, 10], [0.5, 30], [1, 40], [INF, 40]);
  assert.equal(bucketQuantile(0.5, histogram), 0.1 + 0.4 * (10 / 20));
  assert.equal(bucketQuantile(0.125, histogram), 0.05);
  assert.equal(bucketQuantile(0.75, histogram), 0.5);
  assert.ok(Math.abs((bucketQuantile(0.95, histogram) ?? 0) - 0.9) < 1e-12);
});

test('what lies beyond the last bound is said to lie on it', () => {
  assert.equal(bucketQuantile(0.9, buckets([1, 5], [2, 6], [INF, 10])), 2);
});

test('a first bucket at or below zero has no lower border', () => {
  assert.equal(bucketQuantile(0.1, buckets([-1, 5], [INF, 10])), -1);
});

test('dips between buckets are levelled', () => {
  assert.equal(bucketQuantile(0.5, buckets([1, 10], [2, 9.9], [INF, 10])), 0.5);
});

test('no observations, no +Inf bucket or nothing else is no quantile', () => {
  assert.equal(bucketQuantile(0.5, []), null);
  assert.equal(bucketQuantile(0.5, buckets([1, 0], [INF, 0])), null);
  assert.equal(bucketQuantile(0.5, buckets([1, 5], [2, 6])), null);
  assert.equal(bucketQuantile(0.5, buckets([INF, 6])), null);
});

test('bounds are read as Prometheus writes them', () => {
  assert.deepEqual(['0.005', '+Inf', 'Inf', '1e3', '-1'].map(parseBound), [0.005, INF, INF, 1000, -1]);
  assert.ok(Number.isNaN(parseBound('')));
  assert.ok(Number.isNaN(parseBound('many')));
});
