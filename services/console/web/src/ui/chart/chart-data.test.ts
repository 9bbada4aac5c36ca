import { describe, expect, it } from 'vitest';
import {
  alignSeries,
  axisTop,
  isEmptyChart,
  isolatedPositions,
  lastValue,
  stackColumns,
} from './chart-data.ts';

const color = 'var(--series-0)';

describe('chart data', () => {
  it('puts series of different lengths on one axis', () => {
    const aligned = alignSeries([
      {
        label: 'a',
        color,
        points: [
          [2000, 5],
          [1000, 4],
        ],
      },
      { label: 'b', color, points: [[3000, 1]] },
    ]);
    expect(aligned.timesMs).toEqual([1000, 2000, 3000]);
    expect(aligned.columns).toEqual([
      [4, 5, null],
      [null, null, 1],
    ]);
  });

  it('stacks columns and leaves empty steps empty', () => {
    expect(
      stackColumns([
        [1, null, null],
        [2, null, 3],
      ]),
    ).toEqual([
      [1, null, null],
      [3, null, 3],
    ]);
  });

  it('finds samples a line would not show', () => {
    expect(isolatedPositions([1, null, 2, 3, null, 4])).toEqual([0, 5]);
    expect(isolatedPositions([])).toEqual([]);
  });

  it('knows the last sample', () => {
    expect(
      lastValue([
        [1, 5],
        [2, null],
      ]),
    ).toBe(5);
    expect(lastValue([[1, null]])).toBeNull();
  });

  it('never makes an axis of height zero', () => {
    expect(axisTop(null, 'seconds')).toBe(1);
    expect(axisTop(0, 'share')).toBe(0.01);
    expect(axisTop(1, 'share')).toBe(1);
    expect(axisTop(10, 'count')).toBeCloseTo(11.2);
  });

  it('tells an empty chart from a flat one', () => {
    expect(isEmptyChart([{ label: 'a', color, points: [[1, null]] }])).toBe(true);
    expect(isEmptyChart([{ label: 'a', color, points: [[1, 0]] }])).toBe(false);
  });
});
