import { describe, expect, it } from 'vitest';
import { roundTicks } from './round-ticks.ts';

describe('round ticks', () => {
  it('lie on round instants within the window', () => {
    const startMs = Date.UTC(2026, 2, 3, 12, 4, 5);
    const ticks = roundTicks({ startMs, endMs: startMs + 3_600_000 }, { count: 6, zone: 'utc' });
    expect(ticks.map((tick) => new Date(tick).toISOString().slice(11, 16))).toEqual([
      '12:10',
      '12:20',
      '12:30',
      '12:40',
      '12:50',
      '13:00',
    ]);
  });

  it('never run away', () => {
    expect(roundTicks({ startMs: 0, endMs: 1e15 }, { count: 6, zone: 'utc' }).length).toBeLessThanOrEqual(50);
  });
});
