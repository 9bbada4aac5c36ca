import { describe, expect, it } from 'vitest';
import { inputOfInstant, instantOfInput } from './instant-input.ts';

describe('fields for instants', () => {
  const instantMs = Date.UTC(2026, 2, 3, 12, 4, 5);

  it('survive a round trip in both zones', () => {
    expect(instantOfInput(inputOfInstant(instantMs, 'utc'), 'utc')).toBe(instantMs);
    expect(instantOfInput(inputOfInstant(instantMs, 'local'), 'local')).toBe(instantMs);
  });

  it('show UTC as UTC', () => {
    expect(inputOfInstant(instantMs, 'utc')).toBe('2026-03-03T12:04:05');
  });

  it('are undefined while incomplete', () => {
    expect(instantOfInput('', 'utc')).toBeUndefined();
    expect(instantOfInput('2026-03-', 'utc')).toBeUndefined();
  });
});
