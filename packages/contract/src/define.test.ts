import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ContractError, type ContractFinding, defineContract, ibexContract } from './index.ts';
import type { ContractDefinition, MetricDefinition } from './model.ts';

const counter: MetricDefinition = {
  type: 'counter',
  unit: 'jobs',
  help: 'Jobs done.',
  labels: { result: ['ok', 'error'] },
  services: ['proxy'],
};
const duration: MetricDefinition = {
  type: 'histogram',
  unit: 'seconds',
  help: 'How long a job took.',
  labels: {},
  buckets: [0.1, 1],
  services: ['proxy'],
};

/** A small contract that holds. */
const small: ContractDefinition = {
  services: ['proxy'],
  namespaces: ['ibex_proxy'],
  budget: { perMetric: 100, perService: 150 },
  metrics: { ibex_proxy_jobs_total: counter, ibex_proxy_job_duration_seconds: duration },
  spans: {},
  resourceAttributes: [],
  correlationFields: [],
  logFields: {},
  sensitiveKeys: [],
  auditMetadataKeys: [],
  slos: {},
  retention: { metricsDays: 30, tracesDays: 14, logsDays: 30, auditDays: 365 },
};

function withMetric(name: string, metric: MetricDefinition): ContractDefinition {
  return { ...small, metrics: { ...small.metrics, [name]: metric } };
}

function findings(contract: ContractDefinition): readonly ContractFinding[] {
  try {
    defineContract(contract);
    return [];
  } catch (error) {
    assert.ok(error instanceof ContractError);
    return error.findings;
  }
}

function assertFinding(
  contract: ContractDefinition,
  expected: { entry: string; rule: RegExp; value: string },
): void {
  const found = findings(contract);
  assert.equal(found.length, 1, JSON.stringify(found));
  assert.equal(found[0]?.entry, expected.entry);
  assert.match(found[0]?.rule ?? '', expected.rule);
  assert.equal(found[0]?.value, expected.value);
}

test('a contract that holds is returned as it is', () => {
  assert.deepEqual(defineContract(small), small);
});

describe('naming', () => {
  test('a counter ends in _total', () => {
    assertFinding(withMetric('ibex_proxy_jobs', counter), {
      entry: 'metrics.ibex_proxy_jobs',
      rule: /counters end in _total/,
      value: '"ibex_proxy_jobs"',
    });
  });

  test('nothing else ends in _total', () => {
    const gauge: MetricDefinition = { ...counter, type: 'gauge' };
    assertFinding(withMetric('ibex_proxy_waiting_total', gauge), {
      entry: 'metrics.ibex_proxy_waiting_total',
      rule: /only counters/,
      value: '"ibex_proxy_waiting_total"',
    });
  });

  test('a duration ends in _seconds, and only a duration does', () => {
    assertFinding(withMetric('ibex_proxy_job_duration', duration), {
      entry: 'metrics.ibex_proxy_job_duration',
      rule: /in seconds ends in _seconds/,
      value: '"ibex_proxy_job_duration in seconds"',
    });
    const counted: MetricDefinition = { ...duration, unit: 'jobs' };
    assertFinding(withMetric('ibex_proxy_wait_seconds', counted), {
      entry: 'metrics.ibex_proxy_wait_seconds',
      rule: /no other does/,
      value: '"ibex_proxy_wait_seconds in jobs"',
    });
  });

  test('a name starts with a declared namespace and is lower-case words', () => {
    assertFinding(withMetric('acme_jobs_total', counter), {
      entry: 'metrics.acme_jobs_total',
      rule: /declared namespace \(ibex_proxy\)/,
      value: '"acme_jobs_total"',
    });
    assertFinding(withMetric('ibex_proxy_jobsDone_total', counter), {
      entry: 'metrics.ibex_proxy_jobsDone_total',
      rule: /lower-case words/,
      value: '"ibex_proxy_jobsDone_total"',
    });
  });

  for (const label of ['org_id', 'agent_id', 'user_id', 'session_id']) {
    test(`${label} is no label`, () => {
      assertFinding(withMetric('ibex_proxy_calls_total', { ...counter, labels: { [label]: ['a'] } }), {
        entry: `metrics.ibex_proxy_calls_total.labels.${label}`,
        rule: /none of org_id, agent_id, user_id, session_id/,
        value: `"${label}"`,
      });
    });
  }

  test('a metric says what it is', () => {
    assertFinding(withMetric('ibex_proxy_calls_total', { ...counter, help: ' ' }), {
      entry: 'metrics.ibex_proxy_calls_total',
      rule: /help text/,
      value: '" "',
    });
  });
});

describe('shapes', () => {
  test('a histogram has ascending buckets, nothing else has any', () => {
    assertFinding(withMetric('ibex_proxy_wait_seconds', { ...duration, buckets: [1, 0.1] }), {
      entry: 'metrics.ibex_proxy_wait_seconds.buckets',
      rule: /ascend/,
      value: '[1, 0.1]',
    });
    assertFinding(withMetric('ibex_proxy_wait_seconds', { ...duration, buckets: [] }), {
      entry: 'metrics.ibex_proxy_wait_seconds.buckets',
      rule: /a histogram has buckets/,
      value: 'absent',
    });
    assertFinding(withMetric('ibex_proxy_calls_total', { ...counter, buckets: [1] }), {
      entry: 'metrics.ibex_proxy_calls_total.buckets',
      rule: /only a histogram/,
      value: '[1]',
    });
  });

  test('a closed set is neither empty nor repeats a value', () => {
    assertFinding(withMetric('ibex_proxy_calls_total', { ...counter, labels: { result: [] } }), {
      entry: 'metrics.ibex_proxy_calls_total.labels.result',
      rule: /at least one value/,
      value: 'empty',
    });
    assertFinding(withMetric('ibex_proxy_calls_total', { ...counter, labels: { result: ['ok', 'ok'] } }), {
      entry: 'metrics.ibex_proxy_calls_total.labels.result',
      rule: /each value once/,
      value: '"ok" twice',
    });
  });

  test('an owner is a declared service', () => {
    assertFinding(withMetric('ibex_proxy_calls_total', { ...counter, services: ['nobody'] }), {
      entry: 'metrics.ibex_proxy_calls_total.services',
      rule: /one of proxy/,
      value: '"nobody"',
    });
  });
});

describe('series', () => {
  test('the worst case of a metric stays within its budget, `other` and histogram series counted', () => {
    const labels = { one: ['a', 'b', 'c', 'd'], two: ['a', 'b', 'c'] };
    assertFinding(withMetric('ibex_proxy_wait_seconds', { ...duration, labels, buckets: [0.1, 1, 5] }), {
      entry: 'metrics.ibex_proxy_wait_seconds',
      rule: /budget\.perMetric \(100 series\)/,
      value: '120 series',
    });
  });

  test('the worst case of a service stays within its budget', () => {
    const labels = {
      one: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'],
      two: ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
    };
    const contract = withMetric('ibex_proxy_calls_total', { ...counter, labels });
    const both = {
      ...contract,
      metrics: { ...contract.metrics, ibex_proxy_steps_total: { ...counter, labels } },
    };
    assertFinding(both, {
      entry: 'services.proxy',
      rule: /budget\.perService \(150 series\)/,
      value: '168 series',
    });
  });

  test('a configured set counts with its limit', () => {
    const labels = { model: { configured: 'model', limit: 120 } };
    assertFinding(withMetric('ibex_proxy_calls_total', { ...counter, labels }), {
      entry: 'metrics.ibex_proxy_calls_total',
      rule: /budget\.perMetric/,
      value: '121 series',
    });
  });
});

describe('objectives', () => {
  const slo = {
    surface: 'jobs',
    metric: 'ibex_proxy_job_duration_seconds',
    selector: {},
    objective: 0.95,
    thresholdSeconds: 1,
    evaluatedAtSeconds: 1,
  };
  const withSlo = (change: Partial<typeof slo> & { selector?: Record<string, string[]> }) => ({
    ...small,
    slos: { jobs_p95: { ...slo, ...change } },
  });

  test('one that can be evaluated holds', () => assert.deepEqual(findings(withSlo({})), []));

  test('names a histogram of the catalog', () => {
    assertFinding(withSlo({ metric: 'ibex_proxy_jobs_total' }), {
      entry: 'slos.jobs_p95.metric',
      rule: /histogram of the catalog/,
      value: '"ibex_proxy_jobs_total"',
    });
  });

  test('is evaluated at a bucket boundary, at the threshold or stricter', () => {
    assertFinding(withSlo({ evaluatedAtSeconds: 0.3 }), {
      entry: 'slos.jobs_p95.evaluatedAtSeconds',
      rule: /bucket boundary of ibex_proxy_job_duration_seconds \(0\.1, 1\)/,
      value: '0.3',
    });
    assertFinding(withSlo({ thresholdSeconds: 0.5 }), {
      entry: 'slos.jobs_p95.evaluatedAtSeconds',
      rule: /or stricter/,
      value: '1',
    });
  });

  test('selects labels and values that exist', () => {
    assertFinding(withSlo({ selector: { route: ['/'] } }), {
      entry: 'slos.jobs_p95.selector.route',
      rule: /has the label/,
      value: '"route"',
    });
  });
});

test('every finding is reported at once, one a line', () => {
  const contract = withMetric('Wrong', { ...counter, help: '', labels: { org_id: ['a'] } });
  const found = findings(contract);
  assert.ok(found.length >= 4);
  assert.throws(
    () => defineContract(contract),
    (error: Error) => error.message.split('\n').length === found.length + 1,
  );
});

test('a contract extends another: lists are appended, tables merged, both proven together', () => {
  const extended = defineContract({
    extends: ibexContract,
    services: ['billing'],
    namespaces: ['acme_billing'],
    metrics: { acme_billing_invoices_total: { ...counter, services: ['billing'] } },
    sensitiveKeys: ['iban'],
  });
  assert.ok(extended.services.includes('proxy') && extended.services.includes('billing'));
  assert.ok('http_requests_total' in extended.metrics && 'acme_billing_invoices_total' in extended.metrics);
  assert.ok((extended.sensitiveKeys as readonly string[]).includes('iban'));
  assert.equal(extended.retention.tracesDays, 14);
  assert.throws(
    () => defineContract({ extends: ibexContract, metrics: { acme_invoices_total: counter } }),
    /acme_invoices_total.*declared namespace/,
  );
});
