import { describe, expect, it } from 'vitest';
import { logParameters } from './log-parameters.ts';
import { hasLogFilters, parseLogSearch } from './log-search.ts';

const window = { startMs: 1000, endMs: 2000 };

describe('the log search', () => {
  it('asks for everything by default', () => {
    expect(logParameters(parseLogSearch({}), window)).toEqual({ start: 1000, end: 2000 });
  });

  it('carries the filters of the address and drops malformed ids', () => {
    const search = parseLogSearch({
      text: 'upstream refused',
      level: 'WARN',
      service: 'proxy',
      requestId: '0192',
      traceId: 'not-an-id',
      spanId: '00f067aa0ba902b7',
      log: '17',
    });
    expect(logParameters(search, window)).toEqual({
      start: 1000,
      end: 2000,
      text: 'upstream refused',
      level: 'WARN',
      service: 'proxy',
      requestId: '0192',
      spanId: '00f067aa0ba902b7',
    });
    expect(hasLogFilters(search)).toBe(true);
    expect(hasLogFilters(parseLogSearch({ log: '17' }))).toBe(false);
  });

  it('keeps text within the limit of the API', () => {
    expect(logParameters({ text: 'x'.repeat(900) }, window).text).toHaveLength(500);
  });
});
