import { describe, expect, it } from 'vitest';
import { spanSummary } from '../../testing/spans.ts';
import { hidesHousekeeping, isHousekeeping } from './housekeeping.ts';
import { parseTraceSearch } from './trace-search.ts';

describe('housekeeping', () => {
  it.each([
    [{}, true],
    [{ status: 'error' }, true],
    [{ housekeeping: 'show' }, false],
    [{ service: 'console' }, false],
    [{ spans: 'all' }, false],
  ])('with %j is hidden: %s', (raw, hidden) => {
    expect(hidesHousekeeping(parseTraceSearch(raw))).toBe(hidden);
  });

  it.each([
    ['a request to the proxy', {}, false],
    ['a page of the console', { serviceName: 'console' }, true],
    ['a failed page of the console', { serviceName: 'console', status: 'error' }, false],
    [
      'usage handed over to auth',
      { serviceName: 'auth', name: 'ibex.usage.v1.UsageService/RecordUsage', traceSpanCount: 2 },
      true,
    ],
    [
      'a token check within a request',
      { serviceName: 'auth', name: 'ibex.auth.v1.AuthService/ValidateToken', parentSpanId: 'c'.repeat(16) },
      false,
    ],
    ['a check of the database', { serviceName: 'auth', kind: 'client' }, true],
    ['an application calling the proxy', { serviceName: 'shop', kind: 'client', traceSpanCount: 7 }, false],
  ] as const)('is told apart: %s', (_, facts, expected) => {
    expect(isHousekeeping(spanSummary(facts))).toBe(expected);
  });
});
