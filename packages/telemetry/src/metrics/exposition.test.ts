import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { describe, test } from 'node:test';
import { ibexContract, type MetricDefinition, valuesFor } from '@ibex/contract';
import { findProgram, skipWithout } from '../../../../tests/src/support/programs.ts';
import { MetricRegistry } from './registry.ts';
import { hostileContract, hostileValues } from './testing/hostile-contract.ts';

/** A registry in which every series that the closed sets allow has been moved, one label at a time. */
function createBusyRegistry(service: (typeof ibexContract.services)[number]) {
  const registry = new MetricRegistry(hostileContract, {
    service,
    configured: { model: ['echo'], provider: ['local'], target: ['proxy'] },
  });
  const metrics: Readonly<Record<string, MetricDefinition>> = hostileContract.metrics;
  for (const [name, { type, labels }] of Object.entries(metrics)) {
    for (const [label, values] of Object.entries(labels)) {
      const known = 'configured' in values ? ['echo', 'local', 'proxy'] : valuesFor(values, service);
      for (const value of [...known, 'outside']) {
        const own = {
          ...Object.fromEntries(Object.keys(labels).map((key) => [key, 'other'])),
          [label]: value,
        };
        if (type === 'counter') registry.counter(name as never).increment(own as never, 1.5);
        if (type === 'gauge') registry.gauge(name as never).set(own as never, -0.5);
        if (type === 'histogram') registry.histogram(name as never).observe(own as never, 0.3);
      }
    }
  }
  return registry;
}

/** Takes an exposition apart by the grammar of text format 0.0.4. */
function parse(text: string): { name: string; labels: Map<string, string>; value: number }[] {
  assert.ok(text.endsWith('\n'));
  const lines = text.slice(0, -1).split('\n');
  return lines.flatMap((line) => {
    if (/^# (HELP|TYPE) [a-z0-9_]+ \S/.test(line)) return [];
    const match = /^([a-z0-9_]+)(?:\{(.*)\})? (\S+)$/s.exec(line);
    assert.ok(match, JSON.stringify(line));
    const [, name = '', labels = '', value = ''] = match;
    const pairs = [...labels.matchAll(/([a-z_]+)="((?:[^"\\]|\\[\\"n])*)"(?:,|$)/gs)];
    assert.equal(pairs.map(([pair]) => pair).join(''), labels, line);
    const unescaped = (text: string) => text.replace(/\\(.)/g, (_, next) => (next === 'n' ? '\n' : next));
    const entries = pairs.map(([, key = '', text = '']) => [key, unescaped(text)] as const);
    return [{ name, labels: new Map(entries), value: Number(value.replace('Inf', 'Infinity')) }];
  });
}

describe('the exposition', () => {
  test('has help and type of every metric of the contract, moved or not, on every service', () => {
    for (const service of ibexContract.services) {
      const text = new MetricRegistry(ibexContract, { service, configured: {} }).exposition();
      for (const [name, { type, help }] of Object.entries(ibexContract.metrics)) {
        assert.ok(text.includes(`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`), `${service} ${name}`);
      }
    }
  });

  test('has a metric without labels as zero from the start, on the services that own it', () => {
    const own = new MetricRegistry(ibexContract, { service: 'proxy', configured: {} }).exposition();
    assert.match(own, /^ibex_proxy_active_connections 0$/m);
    const foreign = new MetricRegistry(ibexContract, { service: 'auth', configured: {} }).exposition();
    assert.doesNotMatch(foreign, /^ibex_proxy_active_connections /m);
  });

  test('gives hostile label values back as they were, and no series twice', () => {
    const parsed = parse(createBusyRegistry('proxy').exposition());
    const texts = new Set(
      parsed.filter(({ name }) => name === 'hostile_texts_total').map(({ labels }) => labels.get('text')),
    );
    for (const value of [...hostileValues, 'other']) assert.ok(texts.has(value), JSON.stringify(value));
    const series = parsed.map(({ name, labels }) => JSON.stringify([name, ...labels]));
    assert.equal(new Set(series).size, series.length);
  });

  test('has cumulative buckets that end at the count, and the sum', () => {
    const registry = new MetricRegistry(ibexContract, { service: 'proxy', configured: {} });
    const histogram = registry.histogram('ibex_worker_webhook_credit_duration_seconds');
    for (const value of [0.002, 0.3, 0.3, 10]) histogram.observe({}, value);
    const parsed = parse(registry.exposition()).filter(({ name }) => name.startsWith('ibex_worker_webhook'));
    const buckets = parsed.filter(({ name }) => name.endsWith('_bucket'));
    assert.deepEqual(
      buckets.map(({ labels, value }) => [labels.get('le'), value]),
      [
        ['0.001', 0],
        ...['0.005', '0.01', '0.02', '0.05', '0.1', '0.25'].map((bound) => [bound, 1]),
        ['0.5', 3],
        ['1', 3],
        ['5', 3],
        ['+Inf', 4],
      ],
    );
    assert.equal(parsed.find(({ name }) => name.endsWith('_sum'))?.value, 10.602);
    assert.equal(parsed.find(({ name }) => name.endsWith('_count'))?.value, 4);
  });

  test('writes numbers as Prometheus reads them', () => {
    const registry = new MetricRegistry(ibexContract, { service: 'proxy', configured: {} });
    const gauge = registry.gauge('ibex_proxy_active_connections');
    const written = [1e21, 1e-7, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(
      (value) => {
        gauge.set({}, value);
        return /^ibex_proxy_active_connections (.*)$/m.exec(registry.exposition())?.[1];
      },
    );
    assert.deepEqual(written, ['1e+21', '1e-7', 'NaN', '+Inf', '-Inf']);
  });

  test('is accepted by promtool, but for the one name the gateway fixes', {
    skip: skipWithout('promtool'),
  }, () => {
    for (const service of ['proxy', 'auth', 'collector', 'console'] as const) {
      const input = createBusyRegistry(service).exposition();
      const { stdout, stderr } = spawnSync(findProgram('promtool') ?? '', ['check', 'metrics'], {
        input,
        encoding: 'utf8',
      });
      const findings = `${stdout}${stderr}`.split('\n').filter((line) => line !== '');
      assert.deepEqual(findings, [
        'conversation_active_count non-histogram and non-summary metrics should not have "_count" suffix',
      ]);
    }
  });
});
