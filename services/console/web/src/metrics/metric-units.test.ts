import { describe, expect, it } from 'vitest';
import { functionsOf, unitOf } from './metric-units.ts';

describe('units of metrics', () => {
  it.each([
    ['ibex_proxy_request_duration_seconds', 'seconds', 'histogram', 'quantile', 'seconds'],
    ['ibex_proxy_request_duration_seconds', 'seconds', 'histogram', 'rate', 'perSecond'],
    ['http_request_size_bytes', '', 'histogram', 'quantile', 'bytes'],
    ['http_request_size_bytes', '', 'histogram', 'rate', 'perSecond'],
    ['network_bytes_total', 'bytes', 'counter', 'rate', 'bytesPerSecond'],
    ['ibex_proxy_requests_total', '', 'counter', 'rate', 'perSecond'],
    ['ibex_process_up', '', 'gauge', 'value', 'count'],
    ['cache_hit_ratio', '', 'gauge', 'value', 'share'],
  ] as const)('%s (%s, %s) as %s is in %s', (name, unit, type, fn, expected) => {
    expect(unitOf({ name, unit, type }, fn)).toBe(expected);
  });

  it('offers what fits the type', () => {
    expect(functionsOf('histogram')[0]).toBe('quantile');
    expect(functionsOf('counter')[0]).toBe('rate');
    expect(functionsOf('gauge')[0]).toBe('value');
  });
});
