import { describe, expect, it } from 'vitest';
import { spanSummary } from '../../testing/spans.ts';
import { placeDots } from './scatter-layout.ts';

function summary(startMs: number, durationNano: number) {
  return spanSummary({ startTimeUnixNano: `${startMs}000000`, durationNano });
}

const area = { window: { startMs: 1000, endMs: 2000 }, width: 200, height: 100 };

describe('dots of durations', () => {
  it('lie within the area, the longest on top', () => {
    const { dots } = placeDots([summary(1000, 1e6), summary(1500, 1e9), summary(2500, 1e3)], area);
    for (const { x, y } of dots) {
      expect(x).toBeGreaterThanOrEqual(7);
      expect(x).toBeLessThanOrEqual(193);
      expect(y).toBeGreaterThanOrEqual(7);
      expect(y).toBeLessThanOrEqual(93);
    }
    expect(dots[1]?.y).toBeCloseTo(7);
    expect(dots[2]?.y).toBeCloseTo(93);
  });

  it('survive a single span, a span without duration, and none', () => {
    expect(placeDots([summary(1500, 0)], area).dots[0]).toMatchObject({ x: 100 });
    expect(placeDots([], area).dots).toEqual([]);
  });

  it('are at most a thousand', () => {
    expect(
      placeDots(
        Array.from({ length: 3000 }, () => summary(1500, 5)),
        area,
      ).dots,
    ).toHaveLength(1000);
  });
});
