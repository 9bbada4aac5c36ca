import { describe, expect, it } from 'vitest';
import { placeDots } from './scatter-layout.ts';
import type { SpanSummary } from './span-search-query.ts';

function summary(startMs: number, durationNano: number): SpanSummary {
  return {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    parentSpanId: null,
    name: 'GET /',
    kind: 'server',
    serviceName: 'proxy',
    startTimeUnixNano: `${startMs}000000`,
    durationNano,
    status: 'unset',
    statusMessage: '',
    httpStatusCode: 200,
    requestId: null,
    traceSpanCount: 1,
    traceErrorCount: 0,
    traceServices: ['proxy'],
  };
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
