import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MetricDefinition } from '../model.ts';
import { duration, findingsOf, only, valid, withMetric } from '../testing/sample-contract.ts';

describe('sets of label values', () => {
  const sets: [string, MetricDefinition['labels'][string], string, RegExp, string][] = [
    ['an empty set', [], 'kind', /at least one value/, 'empty'],
    ['a repeated value', ['a', 'b', 'a'], 'kind', /names each value once/, '"a" twice'],
    ['a limit of zero', { configured: 'kind', limit: 0 }, 'kind', /limit is a positive integer/, '0'],
    ['a service left out', { perService: {} }, 'kind.perService', /has a set/, 'none for "api"'],
    [
      'an empty set of a service',
      { perService: { api: [] } },
      'kind.perService.api',
      /at least one/,
      'empty',
    ],
    [
      'an unknown service',
      { perService: { api: ['a'], web: ['b'] } },
      'kind.perService',
      /a service is one of api, worker/,
      '"web"',
    ],
  ];
  for (const [title, values, entry, rule, value] of sets) {
    test(`${title} is refused`, () => {
      const finding = only(withMetric('acme_jobs_total', { labels: { kind: values } }));
      assert.equal(finding.entry, `metrics.acme_jobs_total.labels.${entry}`);
      assert.match(finding.rule, rule);
      assert.equal(finding.value, value);
    });
  }

  test('sets by service and configured sets are accepted', () => {
    const labels = { kind: { perService: { api: ['a'] } }, model: { configured: 'model', limit: 4 } };
    assert.deepEqual(withMetric('acme_jobs_total', { labels }), []);
  });

  test('two limits of one configured set are refused', () => {
    const labels = { model: { configured: 'model', limit: 4 }, asked: { configured: 'model', limit: 5 } };
    const finding = only(withMetric('acme_jobs_total', { labels }));
    assert.equal(finding.entry, 'metrics.acme_jobs_total.labels.asked');
    assert.equal(finding.rule, 'the configured set "model" has one limit (4)');
    assert.equal(finding.value, '5');
  });
});

describe('buckets', () => {
  const refused: [string, Partial<MetricDefinition>, RegExp, string][] = [
    ['none', { buckets: [] }, /^a histogram has buckets/, 'absent'],
    ['falling', { buckets: [1, 0.5] }, /^bucket bounds are finite and ascend/, '[1, 0.5]'],
    ['repeated', { buckets: [1, 1] }, /^bucket bounds are finite and ascend/, '[1, 1]'],
    [
      'infinite',
      { buckets: [1, Number.POSITIVE_INFINITY] },
      /^bucket bounds are finite and ascend/,
      '[1, Infinity]',
    ],
  ];
  for (const [title, metric, rule, value] of refused) {
    test(`${title}: refused`, () => {
      const finding = only(withMetric('acme_wait_seconds', { ...duration, ...metric }));
      assert.equal(finding.entry, 'metrics.acme_wait_seconds.buckets');
      assert.match(finding.rule, rule);
      assert.equal(finding.value, value);
    });
  }

  test('of a counter: refused', () => {
    const finding = only(withMetric('acme_jobs_total', { buckets: [1] }));
    assert.equal(finding.rule, 'only a histogram has buckets');
    assert.equal(finding.value, '[1]');
  });

  test('that ascend: accepted', () => assert.deepEqual(withMetric('acme_wait_seconds', duration), []));
});

test('owners of metrics and spans are services of the contract', () => {
  const ofMetric = only(withMetric('acme_jobs_total', { services: ['web'] }));
  assert.deepEqual(ofMetric, {
    entry: 'metrics.acme_jobs_total.services',
    rule: 'a service is one of api, worker',
    value: '"web"',
  });
  const spans = {
    job: { name: 'job', kind: 'internal', service: ['cron'], required: [], optional: [] },
  } as const;
  assert.equal(only(findingsOf({ ...valid, spans })).entry, 'spans.job.service');
});

test('keys of log fields and audit metadata are lower-case words', () => {
  const logFields = { requestId: { type: 'string', help: 'x' } } as const;
  assert.deepEqual(only(findingsOf({ ...valid, logFields })), {
    entry: 'logFields.requestId',
    rule: 'a key is lower-case words joined by underscores or dots',
    value: '"requestId"',
  });
  assert.equal(
    only(findingsOf({ ...valid, auditMetadataKeys: ['old-value'] })).entry,
    'auditMetadataKeys.old-value',
  );
});

test('retention is a whole number of days', () => {
  for (const days of [0, -1, 1.5, Number.NaN]) {
    const finding = only(findingsOf({ ...valid, retention: { ...valid.retention, tracesDays: days } }));
    assert.equal(finding.entry, 'retention.tracesDays');
    assert.equal(finding.value, String(days));
  }
});
