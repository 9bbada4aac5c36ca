import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineContract, ibexContract, worstCaseSeries } from '@ibex/contract';
import { MetricRegistry } from './registry.ts';

function createRegistry(configured: Record<string, readonly string[]> = {}, service = 'proxy') {
  return new MetricRegistry(ibexContract, { service, configured });
}

/** The sample lines of one metric. */
function samples(registry: { exposition(): string }, name: string): string[] {
  return registry
    .exposition()
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
}

function violations(registry: { exposition(): string }, kind: string): number {
  const found = samples(registry, 'ibex_contract_violations_total').find((line) =>
    line.includes(`"${kind}"`),
  );
  return Number(found?.split(' ').at(-1) ?? 0);
}

/** Values no type lets through. */
const loose = (labels: Record<string, unknown>) => labels as never;

describe('cells', () => {
  test('a counter adds, and its bound cell is the same series', () => {
    const registry = createRegistry();
    const counter = registry.counter('ibex_proxy_rate_limited_total');
    counter.increment({ result: 'allowed' });
    counter.increment({ result: 'allowed' }, 2.5);
    counter.bind({ result: 'allowed' }).increment();
    assert.deepEqual(samples(registry, 'ibex_proxy_rate_limited_total'), [
      'ibex_proxy_rate_limited_total{result="allowed"} 4.5',
    ]);
  });

  test('a counter refuses to fall or to become no number', () => {
    const counter = createRegistry().counter('ibex_proxy_rate_limited_total');
    for (const amount of [-1, Number.NaN, Number.POSITIVE_INFINITY]) {
      assert.throws(() => counter.increment({ result: 'denied' }, amount), {
        name: 'RangeError',
        message: `A counter grows by a finite amount of 0 or more: the amount is ${amount}`,
      });
    }
  });

  test('a gauge is set and moved both ways', () => {
    const registry = createRegistry();
    const gauge = registry.gauge('ibex_proxy_active_connections');
    gauge.set({}, 5);
    gauge.add({}, -7);
    assert.deepEqual(samples(registry, 'ibex_proxy_active_connections'), [
      'ibex_proxy_active_connections -2',
    ]);
  });

  test('a histogram counts into the bucket whose bound is at or above the value', () => {
    const registry = createRegistry();
    const histogram = registry.histogram('provider_stream_ttfb_seconds');
    const values = [0, 0.001, 0.0011, 0.25, 5, 5.1, Number.NaN];
    for (const value of values) histogram.observe({ provider: 'other', model: 'other' }, value);
    const labels = 'provider="other",model="other"';
    const bucket = (bound: string) =>
      samples(registry, 'provider_stream_ttfb_seconds_bucket')
        .find((line) => line.includes(`le="${bound}"`))
        ?.split(' ')
        .at(-1);
    assert.deepEqual(['0.001', '0.005', '0.1', '0.25', '5', '+Inf'].map(bucket), [
      '2',
      '3',
      '3',
      '4',
      '5',
      '6',
    ]);
    assert.deepEqual(samples(registry, 'provider_stream_ttfb_seconds_count'), [
      `provider_stream_ttfb_seconds_count{${labels}} 6`,
    ]);
  });

  test('a metric of another type or name cannot be had', () => {
    const registry = createRegistry();
    assert.throws(() => registry.gauge('ibex_proxy_requests_total' as never), {
      name: 'TypeError',
      message: `"ibex_proxy_requests_total" is not a gauge of the contract. Declare it in the contract's metrics.`,
    });
    assert.throws(() => registry.counter('nothing_total' as never), TypeError);
  });
});

describe('values outside their closed set', () => {
  test('share the series `other` and are counted', () => {
    const registry = createRegistry();
    const counter = registry.counter('ibex_proxy_rate_limited_total');
    for (const result of ['maybe', '', 'ALLOWED', 7, null, undefined]) counter.increment(loose({ result }));
    counter.increment({ result: 'other' });
    assert.deepEqual(samples(registry, 'ibex_proxy_rate_limited_total'), [
      'ibex_proxy_rate_limited_total{result="other"} 7',
    ]);
    assert.equal(violations(registry, 'label_value'), 6);
  });

  test('labels that are unknown or missing are counted, too', () => {
    const registry = createRegistry();
    const counter = registry.counter('ibex_proxy_rate_limited_total');
    counter.increment(loose({ result: 'allowed', org_id: 'acme' }));
    counter.increment(loose({ outcome: 'allowed' }));
    counter.increment(loose({}));
    assert.equal(violations(registry, 'label_value'), 3);
    assert.equal(registry.exposition().includes('acme'), false);
  });

  test('a violation that cannot be counted does not count itself for ever', () => {
    const { metrics } = ibexContract;
    const contract = defineContract({
      ...ibexContract,
      metrics: {
        ibex_contract_violations_total: {
          ...metrics.ibex_contract_violations_total,
          labels: { kind: ['x'] },
        },
        ibex_proxy_rate_limited_total: metrics.ibex_proxy_rate_limited_total,
      },
      slos: {},
    });
    const registry = new MetricRegistry(contract, { service: 'proxy', configured: {} });
    registry.counter('ibex_proxy_rate_limited_total').increment(loose({ result: 'maybe' }));
    assert.equal(violations(registry, 'other'), 1);
  });

  test('of another service are outside', () => {
    const registry = createRegistry({}, 'auth');
    registry.counter('http_requests_total').increment({ method: 'GET', path: '/v1/models', status: '200' });
    assert.match(samples(registry, 'http_requests_total')[0] ?? '', /path="other"/);
  });
});

describe('configured sets', () => {
  test('are closed by configuration, extended up to their limit, then fold', () => {
    const registry = createRegistry({ model: ['echo'] });
    const admitted = Array.from({ length: 40 }, (_, index) => registry.admit('model', `model-${index}`));
    assert.equal(admitted.filter(Boolean).length, 31);
    assert.equal(violations(registry, 'configured_limit'), 9);
    assert.equal(registry.admit('model', 'echo'), true);
    const chunks = registry.counter('provider_stream_chunks_total');
    for (const model of ['echo', 'model-0', 'model-35']) chunks.increment({ provider: 'other', model });
    assert.deepEqual(
      samples(registry, 'provider_stream_chunks_total').map((line) => /model="([^"]*)"/.exec(line)?.[1]),
      ['echo', 'model-0', 'other'],
    );
  });

  test('share their values among all labels that refer to them', () => {
    const registry = createRegistry({ model: ['echo'], provider: ['local'] });
    const labels = { provider: 'local', model: 'echo' };
    registry.counter('provider_tokens_total').increment({ ...labels, type: 'input' });
    registry.histogram('provider_stream_duration_seconds').observe(labels, 1);
    assert.equal(violations(registry, 'label_value'), 0);
  });

  test('never have two series of one name', () => {
    const registry = createRegistry();
    const chunks = registry.counter('provider_stream_chunks_total');
    chunks.increment({ provider: 'x', model: 'y' });
    assert.equal(registry.admit('model', 'other'), true);
    chunks.increment({ provider: 'x', model: 'other' });
    assert.equal(samples(registry, 'provider_stream_chunks_total').length, 1);
    for (const value of ['\ud800', 'x'.repeat(257)]) assert.equal(registry.admit('model', value), false);
  });

  test('that do not exist admit nothing', () => {
    assert.equal(createRegistry().admit('organisation' as never, 'acme'), false);
  });
});

test('100,000 distinct hostile values stay within the worst case of the contract', () => {
  const registry = createRegistry({ model: ['echo'], provider: ['local'] });
  const total = registry.counter('http_requests_total');
  const tokens = registry.counter('provider_tokens_total');
  for (let index = 0; index < 100_000; index++) {
    const hostile = `"}\n# ${index}\\`;
    total.increment(loose({ method: hostile, path: `/users/${index}`, status: String(index) }));
    registry.admit('model', hostile);
    tokens.increment(loose({ provider: hostile, model: hostile, type: hostile }));
  }
  const count = (name: 'http_requests_total' | 'provider_tokens_total') => {
    const series = samples(registry, name).length;
    assert.ok(series <= worstCaseSeries(ibexContract.metrics[name], 'proxy'), `${name}: ${series}`);
    return series;
  };
  // Two of three status codes exist by chance: 201, 401 and the like.
  assert.ok(count('http_requests_total') <= 24);
  assert.equal(count('provider_tokens_total'), 32);
  assert.ok(registry.exposition().length < 200_000);
});
