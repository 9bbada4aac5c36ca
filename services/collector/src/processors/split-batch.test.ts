import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Batch, MetricSample } from '../model.ts';
import { emptyBatch } from '../model.ts';
import { splitBatch } from './split-batch.ts';

function batchOf(samples: number): Batch {
  const sample = (value: number): MetricSample => ({ name: 'a', labels: {}, timeUnixMs: 0, value });
  return { ...emptyBatch(), samples: Array.from({ length: samples }, (_, index) => sample(index)) };
}

describe('splitBatch', () => {
  test('gives a small batch as it is and an empty one not at all', () => {
    const small = batchOf(3);
    assert.deepEqual([...splitBatch(small)], [small]);
    assert.deepEqual([...splitBatch(emptyBatch())], []);
  });

  test('cuts a large batch into parts within the bound, losing nothing', () => {
    const parts = [...splitBatch(batchOf(103), 40)];
    assert.ok(parts.every(({ samples }) => samples.length <= 40));
    assert.deepEqual(
      parts.flatMap(({ samples }) => samples.map(({ value }) => value)),
      Array.from({ length: 103 }, (_, index) => index),
    );
  });
});
