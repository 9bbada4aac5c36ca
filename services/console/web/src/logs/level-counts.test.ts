import { describe, expect, it } from 'vitest';
import { levelSeries, levelTotals } from './level-counts.ts';

const volume = {
  stepSeconds: 30,
  buckets: [
    { timeUnixMs: 0, counts: { INFO: 5, ERROR: 1 } },
    { timeUnixMs: 30_000, counts: {} },
    { timeUnixMs: 60_000, counts: { INFO: 2, SURPRISE: 9 } },
  ],
};

describe('the volume of logs', () => {
  it('has a layer per level with lines, the least severe first', () => {
    expect(levelSeries(volume).map(({ label, points }) => [label, points])).toEqual([
      [
        'INFO',
        [
          [0, 5],
          [30_000, null],
          [60_000, 2],
        ],
      ],
      [
        'ERROR',
        [
          [0, 1],
          [30_000, null],
          [60_000, null],
        ],
      ],
    ]);
  });

  it('sums levels, most severe first', () => {
    expect(levelTotals(volume)).toEqual([
      { level: 'ERROR', count: 1 },
      { level: 'INFO', count: 7 },
    ]);
  });
});
