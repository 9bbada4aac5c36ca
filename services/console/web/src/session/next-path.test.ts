import { describe, expect, it } from 'vitest';
import { safeNextPath } from './next-path.ts';

describe('where to go after signing in', () => {
  it.each(['/logs?text=a', '/traces/abc?span=1'])('%s is taken', (next) => {
    expect(safeNextPath(next)).toBe(next);
  });

  it.each([
    undefined,
    '',
    'logs',
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/a\nb',
    '/login?next=/logs',
  ])('%j leads to the overview', (next) => {
    expect(safeNextPath(next)).toBe('/admin/ops');
  });
});
