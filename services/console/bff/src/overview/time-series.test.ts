import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mapValues, share, sum, toTimeSeries, total } from './time-series.ts';

const first = {
  labels: {},
  points: [
    [1000, 1],
    [2000, null],
    [3000, 3],
  ],
};
const second = {
  labels: {},
  points: [
    [3000, 4],
    [2000, null],
    [4000, 5],
  ],
};

describe('time series', () => {
  it('are added up instant by instant, with null only where all are null', () => {
    assert.deepEqual(
      [...sum([first, second])],
      [
        [1000, 1],
        [2000, null],
        [3000, 7],
        [4000, 5],
      ],
    );
    assert.deepEqual([...sum([])], []);
  });

  it('give the share of a part in a whole, null where nothing happened', () => {
    const whole = new Map([
      [1, 4],
      [2, 0],
      [3, null],
      [4, 2],
    ]);
    const part = new Map([
      [1, 1],
      [4, null],
    ]);
    assert.deepEqual(
      [...share(part, whole)],
      [
        [1, 0.25],
        [2, null],
        [3, null],
        [4, 0],
      ],
    );
  });

  it('have a total', () => {
    assert.equal(total([first, second]), 13);
    assert.equal(total([]), 0);
  });

  it('come out in order of time', () => {
    const values = mapValues(sum([second, first]), (value) => value * 60);
    assert.deepEqual(toTimeSeries(values, 5), {
      stepSeconds: 5,
      points: [
        [1000, 60],
        [2000, null],
        [3000, 420],
        [4000, 300],
      ],
    });
  });
});
