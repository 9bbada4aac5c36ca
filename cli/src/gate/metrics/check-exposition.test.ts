import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineContract, ibexContract } from '@ibex/contract';
import { runInScope } from '@ibex/telemetry/context';
import { MetricRegistry } from '@ibex/telemetry/metrics';
import { startTestTelemetry } from '@ibex/telemetry/testing';
import { Findings } from '../findings.ts';
import { createSecretTest } from '../secret-test.ts';
import { checkKept, exemplarTraces } from './check-exemplars.ts';
import type { MetricContext } from './context.ts';
import { type ExpositionFormat, parseExposition } from './exposition.ts';
import { checkExposition } from './inspect-metrics.ts';
import { checkWithPromtool, findPromtool } from './promtool.ts';

function contextFor(service: string, contract: MetricContext['contract'] = ibexContract): MetricContext {
  return {
    service,
    contract,
    locate: (...path) => path.join('.'),
    secrets: createSecretTest(contract.sensitiveKeys, []),
    findings: new Findings('metrics', service),
  };
}

/** A service's metrics in one of the formats, with the one metric whose name breaks a rule. */
function exposition(format: ExpositionFormat = 'text'): string {
  const { telemetry } = startTestTelemetry('proxy', { configured: { model: ['echo'] } });
  const { metrics, tracer } = telemetry;
  metrics.gauge('conversation_active_count').set({ backend: 'memory' }, 3);
  const span = tracer.startSpan('GET /v1/models', { kind: 'server', parent: null });
  runInScope({ span }, () => {
    const duration = metrics.histogram('http_request_duration_seconds');
    for (const seconds of [0.0001, 0.02, 7]) duration.observe({ method: 'GET', path: '/v1/models' }, seconds);
    metrics.counter('http_requests_total').increment({ method: 'GET', path: '/v1/models', status: '200' });
  });
  return metrics.exposition(format);
}

for (const format of ['text', 'openmetrics'] as const) {
  test(`what our registry writes as ${format} holds, the declared exception included`, () => {
    const context = contextFor('proxy');
    const read = parseExposition(exposition(format), format);
    checkExposition(read, context);
    assert.deepEqual(context.findings.list, []);
    assert.equal(exemplarTraces(read).size, format === 'text' ? 0 : 1);
  });
}

test('promtool agrees, but for the declared exception', { skip: promtoolSkip() }, () => {
  const context = contextFor('proxy');
  const promtool = findPromtool(process.env) ?? '';
  checkWithPromtool(promtool, exposition(), context);
  assert.deepEqual(context.findings.list, []);
  const { lintExceptions: _, ...bare } = ibexContract.metrics.conversation_active_count;
  const metrics = { ...ibexContract.metrics, conversation_active_count: bare };
  const strict = contextFor('proxy', { ...ibexContract, metrics });
  checkWithPromtool(promtool, exposition(), strict);
  checkExposition(parseExposition(exposition(), 'text'), strict);
  assert.deepEqual(
    strict.findings.list.map(({ rule, name }) => `${rule} ${name}`),
    ['promtool conversation_active_count', 'reserved-suffix conversation_active_count'],
  );
});

function promtoolSkip(): string | false {
  return findPromtool(process.env) === undefined ? 'not installed: promtool' : false;
}

test('a route of another service is outside the closed set of this one', () => {
  const context = contextFor('auth');
  const series = 'http_requests_total{method="GET",path="/v1/models",status="200"} 1';
  const text = `# HELP http_requests_total Total number of HTTP requests\n# TYPE http_requests_total counter\n${series}\n`;
  checkExposition(parseExposition(text, 'text'), context);
  const found = context.findings.list.find(({ rule }) => rule === 'label-value');
  assert.equal(found?.value, '/v1/models');
  assert.equal(found.contract, 'http_requests_total.path');
});

const small = defineContract({
  services: ['shop'],
  namespaces: ['shop'],
  budget: { perMetric: 10, perService: 10 },
  metrics: {
    shop_wait_seconds: {
      type: 'histogram',
      unit: 'seconds',
      help: 'Waits.',
      labels: {},
      buckets: [1],
      exemplars: true,
      services: ['shop'],
    },
  },
  spans: {},
  resourceAttributes: [],
  correlationFields: [],
  logFields: {},
  sensitiveKeys: [],
  auditMetadataKeys: [],
  slos: {},
  retention: { metricsDays: 1, tracesDays: 1, logsDays: 1, auditDays: 1 },
});
const histogramHead = '# HELP shop_wait_seconds Waits.\n# TYPE shop_wait_seconds histogram\n';
const histograms: readonly (readonly [string, string | undefined])[] = [
  ['_bucket{le="1"} 1\n_bucket{le="+Inf"} 2\n_sum 3\n_count 2', undefined],
  ['_bucket{le="1.0"} 1\n_bucket{le="+Inf"} 2\n_sum 3\n_count 2', undefined],
  ['_bucket{le="1"} 1\n_sum 3\n_count 2', 'the last bucket must be +Inf'],
  ['_bucket{le="1"} 1\n_bucket{le="+Inf"} 2\n_sum 3', '_count is missing'],
  ['_bucket{le="1"} 1\n_bucket{le="+Inf"} 2\n_count 2', '_sum is missing'],
  ['_bucket{le="1"} 1\n_bucket{le="+Inf"} 2\n_sum 3\n_count 3', '+Inf must equal _count: 2 is not 3'],
  ['_bucket{le="1"} 3\n_bucket{le="+Inf"} 2\n_sum 3\n_count 2', 'buckets must be cumulative'],
  ['_bucket{le="1"} 0\n_bucket{le="+Inf"} 0\n_sum NaN\n_count 0', '_sum NaN does not fit _count 0'],
];
for (const [lines, expected] of histograms) {
  test(`a histogram ${expected === undefined ? 'holds' : `is told: ${expected}`}: ${lines.split('\n')[0]}`, () => {
    const context = contextFor('shop', small);
    const text = `${histogramHead}${lines.replaceAll(/^/gm, 'shop_wait_seconds')}\n`;
    checkExposition(parseExposition(text, 'text'), context);
    const messages = context.findings.list.map(({ message }) => message);
    if (expected === undefined) assert.deepEqual(messages, []);
    else
      assert.ok(
        messages.some((message) => message.includes(expected)),
        messages.join('\n'),
      );
  });
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const exemplars: readonly (readonly [bucket: string, exemplar: string, expected: RegExp | undefined])[] = [
  ['_bucket{le="1.0"}', `{trace_id="${traceId}"} 1`, undefined],
  ['_bucket{le="1.0"}', `{trace_id="${traceId}",span_id="b7ad6b7169203331"} -3 1700000000.5`, undefined],
  ['_bucket{le="+Inf"}', `{trace_id="${traceId}"} 1.5`, undefined],
  ['_bucket{le="1.0"}', `{trace_id="${traceId}"} 1.5`, /does not lie in its bucket/],
  ['_bucket{le="+Inf"}', `{trace_id="${traceId}"} 1`, /does not lie in its bucket/],
  ['_bucket{le="1.0"}', `{trace_id="${'0'.repeat(32)}"} 1`, /this is no trace_id/],
  ['_bucket{le="1.0"}', `{trace_id="${traceId.toUpperCase()}"} 1`, /this is no trace_id/],
  ['_bucket{le="1.0"}', `{trace_id="${'a'.repeat(130)}"} 1`, /at most 128 characters/],
  ['_bucket{le="1.0"}', `{trace_id="${traceId}",span_id="1"} 1`, /this is no span_id/],
  ['_bucket{le="1.0"}', `{trace_id="${traceId}",user="x"} 1`, /trace_id and span_id alone/],
  ['_bucket{le="1.0"}', '{} 1', /names no trace_id/],
  ['_sum', `{trace_id="${traceId}"} 1`, /only buckets and counters/],
];
for (const [place, exemplar, expected] of exemplars) {
  test(`an exemplar ${expected === undefined ? 'holds' : `is told: ${expected.source}`}: ${place} ${exemplar}`, () => {
    const context = contextFor('shop', small);
    const lines = ['_bucket{le="1.0"} 1', '_bucket{le="+Inf"} 2', '_sum 3', '_count 2'].map((line) =>
      line.startsWith(`${place} `) ? `${line} # ${exemplar}` : line,
    );
    const text = `# TYPE shop_wait_seconds histogram\n# UNIT shop_wait_seconds seconds\n# HELP shop_wait_seconds Waits.\n${lines
      .map((line) => `shop_wait_seconds${line}\n`)
      .join('')}# EOF\n`;
    checkExposition(parseExposition(text, 'openmetrics'), context);
    const messages = context.findings.list.map(({ rule, message }) => `${rule} ${message}`);
    if (expected === undefined) assert.deepEqual(messages, []);
    else assert.match(messages.join('\n'), expected);
  });
}

test('an exemplar is told where the contract declares none', () => {
  const { exemplars: _, ...bare } = small.metrics.shop_wait_seconds;
  const context = contextFor('shop', { ...small, metrics: { shop_wait_seconds: bare } });
  const text = `# TYPE shop_wait_seconds histogram\nshop_wait_seconds_bucket{le="+Inf"} 1 # {trace_id="${traceId}"} 1\n# EOF\n`;
  checkExposition(parseExposition(text, 'openmetrics'), context);
  const rules = context.findings.list.filter(({ rule }) => rule === 'exemplar');
  assert.match(rules[0]?.message ?? '', /declares no exemplars/);
});

test('an exemplar whose trace the service has not exported is told', () => {
  const context = contextFor('shop', small);
  const traces = new Map([
    [traceId, 'shop_wait_seconds'],
    ['f'.repeat(32), 'shop_wait_seconds'],
  ]);
  const found = checkKept(traces, new Set([traceId]), context);
  assert.deepEqual(
    found.map(({ rule, value }) => [rule, value]),
    [['exemplar-kept', 'f'.repeat(32)]],
  );
});

test('a runtime that is declared and not measured is told', () => {
  const context = contextFor('proxy');
  const registry = new MetricRegistry(ibexContract, { service: 'proxy', configured: {} });
  checkExposition(parseExposition(registry.exposition(), 'text'), context);
  assert.deepEqual(
    context.findings.list.map(({ rule, name }) => `${rule} ${name}`),
    [
      'runtime-measured process_cpu_seconds_total',
      'runtime-measured process_start_time_seconds',
      'runtime-measured process_resident_memory_bytes',
      'runtime-measured nodejs_heap_size_used_bytes',
      'runtime-measured nodejs_heap_space_size_used_bytes',
    ],
  );
});

test('a unit that is missing, or not what the name ends in, is told in OpenMetrics', () => {
  for (const [unit, expected] of [
    ['', 1],
    ['# UNIT shop_wait_seconds minutes\n', 1],
    ['# UNIT shop_wait_seconds seconds\n', 0],
  ] as const) {
    const context = contextFor('shop', small);
    const text = `# TYPE shop_wait_seconds histogram\n${unit}# HELP shop_wait_seconds Waits.\n# EOF\n`;
    checkExposition(parseExposition(text, 'openmetrics'), context);
    assert.equal(context.findings.list.filter(({ rule }) => rule === 'unit-matches').length, expected, unit);
  }
});
