import { describe, expect, it } from 'vitest';
import {
  axisFormatterOf,
  formatBytes,
  formatCount,
  formatDuration,
  formatShare,
  formatterOf,
  parseDuration,
} from './format.ts';

describe('durations', () => {
  it.each([
    [0, '0 ms'],
    [870, '870 ns'],
    [12_345, '12.3 µs'],
    [1_240_000, '1.24 ms'],
    [999_999, '1 ms'],
    [2_500_000_000, '2.5 s'],
    [59_999_000_000, '1 min'],
    [90_000_000_000, '1.5 min'],
    [7_200_000_000_000, '2 h'],
  ])('of %i ns are %s', (nano, text) => {
    expect(formatDuration(nano)).toBe(text);
  });

  it.each([
    ['250', 250e6],
    ['250ms', 250e6],
    ['1.5 s', 1.5e9],
    ['3m', 180e9],
    ['80us', 80e3],
  ])('are read from %s', (text, nano) => {
    expect(parseDuration(text)).toBe(nano);
  });

  it.each(['', 'fast', '-5ms', '1e9', '5 parsecs'])('are not read from %j', (text) => {
    expect(parseDuration(text)).toBeUndefined();
  });
});

describe('numbers', () => {
  it.each([
    [0, '0'],
    [0.01234, '0.0123'],
    [842, '842'],
    [1234, '1234'],
    [12_345, '12.3k'],
    [999_999, '1M'],
    [4_560_000, '4.56M'],
  ])('%d is %s', (value, text) => {
    expect(formatCount(value)).toBe(text);
  });

  it('knows bytes and shares', () => {
    expect(formatBytes(1536)).toBe('1.5 KiB');
    expect(formatBytes(0)).toBe('0 B');
    expect(formatShare(0.0123)).toBe('1.2 %');
    expect(formatShare(0.00001)).toBe('<0.01 %');
    expect(formatShare(0)).toBe('0 %');
  });

  it('has a formatter for each unit', () => {
    expect(formatterOf('seconds')(0.25)).toBe('250 ms');
    expect(formatterOf('perSecond')(2)).toBe('2/s');
    expect(formatterOf('bytesPerSecond')(2048)).toBe('2 KiB/s');
  });

  it('writes the values of an axis alike', () => {
    const onAxis = [0, 500, 2500, 5000, 10_000].map(axisFormatterOf('perMinute'));
    expect(onAxis).toEqual(['0/min', '500/min', '2.5k/min', '5k/min', '10k/min']);
    expect(axisFormatterOf('count')(-2000)).toBe('-2k');
    expect(axisFormatterOf('seconds')(0.25)).toBe('250 ms');
  });
});
