import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MetricDefinition } from '../model.ts';
import { only, withMetric } from '../testing/sample-contract.ts';

describe('names', () => {
  const refused: [string, Partial<MetricDefinition>, RegExp, string][] = [
    ['acme_Jobs_total', {}, /^a metric name is lower-case words/, '"acme_Jobs_total"'],
    [
      'other_jobs_total',
      {},
      /^a metric name starts with a declared namespace \(acme\)/,
      '"other_jobs_total"',
    ],
    ['acme_jobs', {}, /^counters end in _total, and only counters do/, '"acme_jobs"'],
    [
      'acme_jobs_total',
      { type: 'gauge' },
      /^counters end in _total, and only counters do/,
      '"acme_jobs_total"',
    ],
    ['acme_jobs_sum', { type: 'gauge' }, /^a metric name does not end in _bucket or _sum/, '"acme_jobs_sum"'],
    ['acme_jobs_total', { help: ' ' }, /^a metric has a help text/, '" "'],
    [
      'acme_age',
      { type: 'gauge', unit: 'seconds' },
      /^a metric in seconds ends in _seconds/,
      '"acme_age in seconds"',
    ],
    [
      'acme_age_seconds',
      { type: 'gauge', unit: 'days old' },
      /^a metric in seconds/,
      '"acme_age_seconds in days old"',
    ],
    [
      'acme_size',
      { type: 'gauge', unit: 'bytes' },
      /^a metric in bytes ends in _bytes/,
      '"acme_size in bytes"',
    ],
    ['acme_age_ms', { type: 'gauge', unit: 'age' }, /^a unit is a base unit/, '"ms"'],
    ['acme_age', { type: 'gauge', unit: 'milliseconds' }, /^a unit is a base unit/, '"milliseconds"'],
  ];
  for (const [name, metric, rule, value] of refused) {
    test(`${name} as ${metric.type ?? 'counter'} of ${JSON.stringify(metric.unit ?? 'requests')} is refused`, () => {
      const finding = only(withMetric(name, metric));
      assert.equal(finding.entry, `metrics.${name}`);
      assert.match(finding.rule, rule);
      assert.equal(finding.value, value);
    });
  }

  test('base units in the place the name asks for are accepted', () => {
    assert.deepEqual(withMetric('acme_age_seconds', { type: 'gauge', unit: 'seconds' }), []);
    assert.deepEqual(withMetric('acme_busy_seconds_total', { unit: 'seconds' }), []);
    assert.deepEqual(withMetric('acme_sent_bytes_total', { unit: 'bytes' }), []);
  });
});

describe('labels', () => {
  for (const label of ['org_id', 'agent_id', 'user_id', 'session_id']) {
    test(`${label} is refused`, () => {
      const finding = only(withMetric('acme_jobs_total', { labels: { [label]: ['one'] } }));
      assert.equal(finding.entry, `metrics.acme_jobs_total.labels.${label}`);
      assert.equal(finding.rule, 'a label is none of org_id, agent_id, user_id, session_id');
      assert.equal(finding.value, `"${label}"`);
    });
  }
  for (const [label, rule] of [
    ['orgId', /lower-case words/],
    ['__name__', /lower-case words/],
    ['le', /none of le, quantile, job, instance, service/],
    ['service', /none of le, quantile, job, instance, service/],
  ] as const) {
    test(`${label} is refused`, () => {
      assert.match(only(withMetric('acme_jobs_total', { labels: { [label]: ['one'] } })).rule, rule);
    });
  }
});
