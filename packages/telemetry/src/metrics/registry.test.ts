import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { defineContract, ibexContract } from '@ibex/contract';
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

  test('a series of a gauge that is removed is gone, and begins anew', () => {
    const registry = createRegistry({ provider: ['echo'] });
    const gauge = registry.gauge('ibex_proxy_provider_circuit_state');
    const name = 'ibex_proxy_provider_circuit_state';
    const [open, closed] = (['open', 'closed'] as const).map((state) => ({
      ...{ provider: 'echo', model: 'other', state },
    }));
    assert.ok(open && closed);
    gauge.set(open, 1);
    gauge.set(closed, 0);
    gauge.remove(open);
    gauge.remove(open);
    assert.deepEqual(samples(registry, name), [`${name}{provider="echo",model="other",state="closed"} 0`]);
    gauge.remove(closed);
    assert.deepEqual(samples(registry, name), []);
    gauge.add(open, 2);
    assert.deepEqual(samples(registry, name), [`${name}{provider="echo",model="other",state="open"} 2`]);
    const connections = registry.gauge('ibex_proxy_active_connections');
    connections.set({}, 1);
    connections.remove({});
    assert.deepEqual(samples(registry, 'ibex_proxy_active_connections'), []);
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

  test('labels that are unknown are noticed also on a series that has long been there', () => {
    const registry = createRegistry();
    const counter = registry.counter('ibex_proxy_rate_limited_total');
    for (let call = 0; call < 1_000; call++) counter.increment({ result: 'allowed' });
    for (let call = 0; call < 64; call++) counter.increment(loose({ result: 'allowed', org_id: 'acme' }));
    assert.equal(violations(registry, 'label_value'), 1);
  });

  test('are told with their place', () => {
    const told: string[] = [];
    const registry = new MetricRegistry(ibexContract, {
      service: 'proxy',
      configured: {},
      onViolation: (kind, place) => told.push(`${kind} ${place}`),
    });
    registry.counter('ibex_proxy_rate_limited_total').increment(loose({ result: 'maybe' }));
    registry.counter('ibex_proxy_rate_limited_total').increment(loose({ result: 'denied', user_id: 'x' }));
    registry.admit('model', 'no name');
    assert.deepEqual(told, [
      'label_value ibex_proxy_rate_limited_total.result',
      'label_value ibex_proxy_rate_limited_total',
      'configured_value model',
    ]);
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
  });

  test('take names of models as providers write them, and nothing that is no name', () => {
    const registry = createRegistry();
    const names = [
      ...['gpt-4o-mini', 'o1', 'meta-llama/Llama-3.1-8B-Instruct', 'llama3.2:3b', '@cf/meta/llama-3'],
      ...['ft:gpt-4o:acme::AbC1', 'gemini-1.5-pro@001', 'hf.co/x/y-GGUF:Q4_K_M', 'grün', 'x'.repeat(128)],
    ];
    for (const name of names) assert.equal(registry.admit('model', name), true, name);
    const refused = ['', ' ', 'a b', 'a\nb', '"', '{}', '../x', '-x', 'a\u0000', '\ud800', 'x'.repeat(129)];
    for (const name of refused) assert.equal(registry.admit('model', name), false, JSON.stringify(name));
    assert.equal(violations(registry, 'configured_value'), refused.length);
    assert.equal(violations(registry, 'configured_limit'), 0);
  });

  test('that do not exist admit nothing', () => {
    assert.equal(createRegistry().admit('organisation' as never, 'acme'), false);
  });
});
