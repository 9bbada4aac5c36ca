import { describe, expect, it } from 'vitest';
import { spanParameters } from './span-parameters.ts';
import { hasTraceFilters, parseTraceSearch } from './trace-search.ts';

const window = { startMs: 1000.4, endMs: 2000.2 };

describe('the trace search', () => {
  it('asks for roots by default', () => {
    expect(spanParameters(parseTraceSearch({}), window)).toEqual({
      start: 1000,
      end: 2001,
      limit: 200,
      rootOnly: true,
    });
  });

  it('carries every filter of the address', () => {
    const search = parseTraceSearch({
      service: 'proxy',
      name: 'GET /v1/models',
      status: 'error',
      min: '1.5s',
      max: '2000',
      attr: ['http.route=/v1/models', 'broken'],
      spans: 'all',
    });
    expect(spanParameters(search, window)).toEqual({
      start: 1000,
      end: 2001,
      limit: 200,
      service: 'proxy',
      name: 'GET /v1/models',
      status: 'error',
      minDurationMs: 1500,
      maxDurationMs: 2000,
      attribute: ['http.route=/v1/models'],
    });
    expect(hasTraceFilters(search)).toBe(true);
  });

  it('ignores a duration that is none, and a status that does not exist', () => {
    const search = parseTraceSearch({ min: 'soon', status: 'purple' });
    expect(spanParameters(search, window)).not.toHaveProperty('minDurationMs');
    expect(spanParameters(search, window)).not.toHaveProperty('status');
    expect(hasTraceFilters(parseTraceSearch({}))).toBe(false);
  });
});
