import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LastOfSeries } from './last-of-series.ts';
import { RateOfSeries } from './rate-of-series.ts';
import { StepGrid, StepSums } from './step-grid.ts';

type Samples = [seconds: number, value: number][];

/** Runs a function over ten-second steps from 0 to 60 s. */
function evaluate(
  SeriesFunction: typeof RateOfSeries | typeof LastOfSeries,
  samples: Samples,
  stepSeconds = 10,
): (number | null)[] {
  const grid = new StepGrid({ startUnixMs: 0, endUnixMs: 60_000, stepMs: stepSeconds * 1000 });
  const sums = new StepSums(grid.count);
  const series = new SeriesFunction(grid, (index, value) => sums.add(index, value));
  for (const [seconds, value] of samples) series.add(seconds * 1000, value);
  series.finish();
  return Array.from({ length: grid.count }, (_, index) => sums.at(index));
}

test('rate: a steady counter has the same rate in every step it is known for', () => {
  const samples: Samples = [
    [-5, 0],
    [10, 30],
    [25, 60],
    [40, 90],
  ];
  assert.deepEqual(evaluate(RateOfSeries, samples), [2, 2, 2, 2, null, null]);
});

test('rate: no increase is lost or doubled at the borders of steps', () => {
  const samples: Samples = [
    [0, 5],
    [7, 5],
    [13, 17],
    [29, 20],
    [60, 100],
  ];
  const total = evaluate(RateOfSeries, samples).reduce<number>((sum, rate) => sum + (rate ?? 0) * 10, 0);
  assert.ok(Math.abs(total - 95) < 1e-9, `${total}`);
});

test('rate: a smaller value is a restart from zero', () => {
  assert.deepEqual(
    evaluate(RateOfSeries, [
      [0, 100],
      [10, 110],
      [20, 4],
      [30, 14],
    ]),
    [1, 0.4, 1, null, null, null],
  );
});

test('rate: steps narrower than the scrape interval share its rate', () => {
  assert.deepEqual(
    evaluate(
      RateOfSeries,
      [
        [0, 0],
        [20, 20],
      ],
      5,
    ).slice(0, 5),
    [1, 1, 1, 1, null],
  );
});

test('rate: one sample, a copy and an older sample say nothing; NaN is passed over', () => {
  assert.deepEqual(evaluate(RateOfSeries, [[5, 7]]), [null, null, null, null, null, null]);
  const samples: Samples = [
    [0, 0],
    [10, 10],
    [10, 10],
    [5, 3],
    [12, Number.NaN],
    [20, 20],
  ];
  assert.deepEqual(evaluate(RateOfSeries, samples).slice(0, 3), [1, 1, null]);
});

test('rate: samples too far apart are not connected', () => {
  assert.deepEqual(
    evaluate(RateOfSeries, [
      [-290, 0],
      [20, 500],
      [30, 510],
    ]),
    [null, null, 1, null, null, null],
  );
});

test('value: the last sample of each step', () => {
  const samples: Samples = [
    [1, 10],
    [9, 11],
    [10, 12],
    [25, 13],
    [39, 14],
    [45, 15],
    [59, 16],
  ];
  assert.deepEqual(evaluate(LastOfSeries, samples), [11, 12, 13, 14, 15, 16]);
});

test('value: stands over narrower steps and over one missed scrape, then ends', () => {
  assert.deepEqual(
    evaluate(LastOfSeries, [
      [-9, 1],
      [1, 2],
      [11, 3],
    ]),
    [2, 3, 3, null, null, null],
  );
  assert.deepEqual(evaluate(LastOfSeries, [[-2, 5]]), [5, 5, 5, 5, 5, null]);
});

test('value: NaN ends the series at once', () => {
  assert.deepEqual(
    evaluate(LastOfSeries, [
      [1, 1],
      [11, Number.NaN],
    ]),
    [1, null, null, null, null, null],
  );
});
