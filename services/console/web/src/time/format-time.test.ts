import { describe, expect, it } from 'vitest';
import { formatAgo, formatTick, formatTime, formatWindow, millisOfNano } from './format-time.ts';

const noonMs = Date.UTC(2026, 2, 3, 12, 4, 5, 67);

describe('formatting time', () => {
  it('uses a 24-hour clock and milliseconds', () => {
    expect(formatTime(noonMs, 'millis', 'utc')).toBe('12:04:05.067');
    expect(formatTime(Date.UTC(2026, 2, 3, 0, 5), 'time', 'utc')).toBe('00:05');
  });

  it('tells ticks apart, and days at midnight', () => {
    expect(formatTick(noonMs, 30_000, 'utc')).toBe('12:04:05');
    expect(formatTick(noonMs, 60_000, 'utc')).toBe('12:04');
    expect(formatTick(Date.UTC(2026, 2, 3), 3_600_000, 'utc')).toBe('3 Mar');
  });

  it('names the day of a window once', () => {
    expect(formatWindow({ startMs: noonMs, endMs: noonMs + 60_000 }, 'utc')).toBe(
      '3 Mar, 12:04:05 – 12:05:05',
    );
  });

  it('says how long ago', () => {
    expect(formatAgo(0, 12_000)).toBe('12 s ago');
    expect(formatAgo(0, 300_000)).toBe('5 min ago');
    expect(formatAgo(10_000, 0)).toBe('0 s ago');
  });

  it('keeps microseconds of an instant in nanoseconds', () => {
    expect(millisOfNano('1772539445067123456')).toBe(1772539445067.123);
    expect(millisOfNano('nonsense')).toBe(0);
  });
});
