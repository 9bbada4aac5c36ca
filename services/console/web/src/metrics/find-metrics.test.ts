import { describe, expect, it } from 'vitest';
import { findMetrics } from './find-metrics.ts';
import type { Metric } from './metric-queries.ts';

function metric(name: string, facts: Partial<Metric> = {}): Metric {
  return { name, type: 'counter', unit: '', help: '', labels: [], services: [], ...facts };
}

const metrics = [
  metric('nodejs_heap_bytes', { type: 'gauge' }),
  metric('provider_tokens_total', { help: 'Token usage' }),
  metric('http_requests_total', { help: 'Total HTTP requests' }),
];

describe('finding metrics', () => {
  it('searches names, types and help, and needs every word', () => {
    expect(findMetrics(metrics, 'USAGE token').map(({ name }) => name)).toEqual(['provider_tokens_total']);
    expect(findMetrics(metrics, 'gauge').map(({ name }) => name)).toEqual(['nodejs_heap_bytes']);
    expect(findMetrics(metrics, 'nothing')).toEqual([]);
  });

  it('puts the runtime last', () => {
    expect(findMetrics(metrics, '').map(({ name }) => name)).toEqual([
      'http_requests_total',
      'provider_tokens_total',
      'nodejs_heap_bytes',
    ]);
  });
});
