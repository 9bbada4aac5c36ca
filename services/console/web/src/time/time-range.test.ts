import { describe, expect, it } from 'vitest';
import {
  labelOfToken,
  overviewTime,
  parseTimeSearch,
  rangeOfSearch,
  searchOfWindow,
  stepSecondsOf,
  windowOfRange,
} from './time-range.ts';

describe('the time in the address', () => {
  it('defaults to the last hour', () => {
    expect(rangeOfSearch(parseTimeSearch({}))).toEqual({
      kind: 'relative',
      token: '1h',
      durationMs: 3_600_000,
    });
  });

  it('reads relative tokens and ends them now', () => {
    const range = rangeOfSearch(parseTimeSearch({ range: '15m' }));
    expect(windowOfRange(range, 1_000_000)).toEqual({ startMs: 100_000, endMs: 1_000_000 });
  });

  it.each([
    ['15m', 'Last 15 minutes'],
    ['1h', 'Last hour'],
    ['3m', 'Last 3 minutes'],
    ['1d', 'Last day'],
    ['90s', 'Last 90 seconds'],
  ])('names %s in words', (token, label) => {
    expect(labelOfToken(token)).toBe(label);
  });

  it.each([
    [{ range: '3m' }, '5m'],
    [{ range: '7d', live: '1' }, '24h'],
    [{ range: '6h' }, '6h'],
    [{ from: '1000', to: '2000' }, undefined],
  ])('of the overview after %j is %s', (search, range) => {
    expect(overviewTime(search)).toEqual({ ...search, range, from: undefined, to: undefined });
  });

  it('reads absolute ranges as milliseconds or ISO 8601, and lets them win', () => {
    const search = parseTimeSearch({ range: '6h', from: '2026-03-01T10:00:00Z', to: '1772362800000' });
    expect(rangeOfSearch(search)).toEqual({
      kind: 'absolute',
      startMs: Date.UTC(2026, 2, 1, 10),
      endMs: 1_772_362_800_000,
    });
  });

  it.each([
    { range: '0m' },
    { range: '9999d' },
    { range: 'yesterday' },
    { from: '5', to: '4' },
    { from: '5' },
    { from: 'x', to: 'y' },
    { from: '0', to: '99999999999999' },
  ])('ignores %j', (raw) => {
    expect(rangeOfSearch(parseTimeSearch(raw)).kind).toBe('relative');
    expect(parseTimeSearch(raw)).toEqual({});
  });

  it('never follows the present in an absolute range', () => {
    expect(parseTimeSearch({ from: '1', to: '2', live: '1' }).live).toBeUndefined();
    expect(parseTimeSearch({ live: '1' }).live).toBe('1');
  });

  it('writes a window so that reading it gives the same window', () => {
    const window = { startMs: 1000, endMs: 2000 };
    expect(rangeOfSearch(searchOfWindow(window))).toEqual({ kind: 'absolute', ...window });
  });
});

describe('steps', () => {
  it.each([
    [15, 10],
    [60, 30],
    [360, 300],
    [1440, 900],
  ])('of %i minutes are %i seconds', (minutes, stepSeconds) => {
    expect(stepSecondsOf({ startMs: 0, endMs: minutes * 60_000 })).toBe(stepSeconds);
  });
});
