import { describe, expect, it } from 'vitest';
import type { MetricRange } from './metric-queries.ts';
import { errorShare, seriesName, seriesOfRange } from './series-of-range.ts';

function range(series: MetricRange['series']): MetricRange {
  return {
    name: 'm',
    type: 'counter',
    unit: '',
    function: 'rate',
    stepSeconds: 10,
    truncated: false,
    series,
  };
}

describe('series', () => {
  it('are named by their labels', () => {
    expect(seriesName({}, 'all')).toBe('all');
    expect(seriesName({ route: '/v1/models' }, 'all')).toBe('/v1/models');
    expect(seriesName({ route: '' }, 'all')).toBe('no route');
    expect(seriesName({ a: '1', b: '2' }, 'all')).toBe('a=1 b=2');
  });

  it('come highest first, each with its colour', () => {
    const series = seriesOfRange(
      range([
        { labels: { a: 'low' }, points: [[1, 1]] },
        { labels: { a: 'high' }, points: [[1, 9]] },
      ]),
      'all',
    );
    expect(series.map(({ label, color }) => [label, color])).toEqual([
      ['high', 'var(--series-0)'],
      ['low', 'var(--series-1)'],
    ]);
  });
});

describe('the share of failed requests', () => {
  it('counts statuses from 500 on, and is null without traffic', () => {
    const share = errorShare(
      range([
        {
          labels: { status_code: '200' },
          points: [
            [2, 0],
            [1, 3],
          ],
        },
        {
          labels: { status_code: '503' },
          points: [
            [1, 1],
            [2, 0],
          ],
        },
        { labels: { route: '/readyz', status_code: '503' }, points: [[1, 50]] },
        { labels: { status_code: '429' }, points: [[1, null]] },
      ]),
    );
    expect(share).toEqual([
      [1, 0.25],
      [2, null],
    ]);
  });
});
