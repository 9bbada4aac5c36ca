import { describe, expect, it } from 'vitest';
import { barPlace, parseZoom, rulerTicks, wholeTrace, zoomByKey, zoomText } from './zoom.ts';

describe('zoom in the address', () => {
  it('survives a round trip', () => {
    expect(parseZoom(zoomText({ from: 0.25, to: 0.5 }))).toEqual({ from: 0.25, to: 0.5 });
    expect(zoomText({ from: 0.5, to: 0.25 })).toBe('0.25-0.5');
  });

  it('is left out for the whole trace', () => {
    expect(zoomText(wholeTrace)).toBeUndefined();
    expect(zoomText({ from: -1, to: 3 })).toBeUndefined();
  });

  it.each([undefined, '', '0.5-0.5', '0.6-0.2', 'a-b', '0-2'])('%j shows the whole trace', (text) => {
    expect(parseZoom(text)).toEqual(wholeTrace);
  });
});

describe('bars', () => {
  const view = { durationNano: 1000, zoom: { from: 0.5, to: 1 } };

  it('are placed in the visible part and cut at its edges', () => {
    expect(barPlace({ startNano: 500, durationNano: 250 }, view)).toEqual({ left: 0, width: 50 });
    expect(barPlace({ startNano: 0, durationNano: 1000 }, view)).toEqual({ left: 0, width: 100 });
    expect(barPlace({ startNano: 0, durationNano: 100 }, view)).toBeUndefined();
  });
});

describe('the ruler', () => {
  it('marks round instants', () => {
    expect(rulerTicks({ durationNano: 1_000_000, zoom: wholeTrace }, 5)).toEqual([
      0, 2e5, 4e5, 6e5, 8e5, 1e6,
    ]);
    expect(rulerTicks({ durationNano: 1_000_000, zoom: { from: 0.5, to: 0.6 } }, 5)).toHaveLength(6);
  });

  it('never runs away', () => {
    expect(rulerTicks({ durationNano: 1, zoom: wholeTrace }, 5).length).toBeLessThanOrEqual(20);
  });
});

describe('zooming by keys', () => {
  it('halves, doubles, moves and stops at the ends', () => {
    expect(zoomByKey(wholeTrace, '+')).toEqual({ from: 0.25, to: 0.75 });
    expect(zoomByKey({ from: 0.25, to: 0.75 }, '-')).toEqual(wholeTrace);
    expect(zoomByKey({ from: 0, to: 0.5 }, 'ArrowLeft')).toEqual({ from: 0, to: 0.5 });
    expect(zoomByKey({ from: 0.4, to: 0.8 }, 'ArrowRight')?.to).toBeCloseTo(0.9);
    expect(zoomByKey({ from: 0.4, to: 0.8 }, 'Escape')).toEqual(wholeTrace);
    expect(zoomByKey(wholeTrace, 'a')).toBeUndefined();
  });
});
