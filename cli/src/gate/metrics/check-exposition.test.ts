import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineContract, ibexContract } from '@ibex/contract';
import { MetricRegistry } from '@ibex/telemetry/metrics';
import { Findings } from '../findings.ts';
import { createSecretTest } from '../secret-test.ts';
import type { MetricContext } from './context.ts';
import { parseExposition } from './exposition.ts';
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

/** An exposition as our registry writes it, with the one metric whose name breaks a rule. */
function exposition(): string {
  const registry = new MetricRegistry(ibexContract, { service: 'proxy', configured: { model: ['echo'] } });
  registry.gauge('conversation_active_count').set({ backend: 'memory' }, 3);
  registry.histogram('http_request_duration_seconds').observe({ method: 'GET', path: '/v1/models' }, 0.02);
  return registry.exposition();
}

test('what our registry writes holds, the declared exception included', () => {
  const context = contextFor('proxy');
  checkExposition(parseExposition(exposition(), 'text'), context);
  assert.deepEqual(context.findings.list, []);
});

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

test('an exemplar is held to its place and size', () => {
  const context = contextFor('shop', small);
  const long = 'x'.repeat(130);
  const text = `${histogramHead}shop_wait_seconds_bucket{le="1"} 1 # {trace_id="${long}"} 1
shop_wait_seconds_bucket{le="+Inf"} 1
shop_wait_seconds_sum 1 # {trace_id="a"} 1
shop_wait_seconds_count 1
# EOF
`;
  checkExposition(parseExposition(text, 'openmetrics'), context);
  assert.deepEqual(
    context.findings.list.map(({ rule }) => rule),
    ['exemplar', 'exemplar'],
  );
});
