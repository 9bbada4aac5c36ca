import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { MetricDefinition } from '../model.ts';
import { only, withMetric } from '../testing/sample-contract.ts';

const gauge: Partial<MetricDefinition> = { type: 'gauge' };
const refused: readonly (readonly [name: string, metric: Partial<MetricDefinition>, taken: string])[] = [
  ['acme_requests', gauge, 'acme_requests'],
  ['acme_requests_created', gauge, 'acme_requests_created'],
  ['acme_request_duration_seconds_count', gauge, 'acme_request_duration_seconds_count'],
  ['acme_request_duration_seconds_count_total', {}, 'acme_request_duration_seconds_count'],
];

for (const [name, metric, taken] of refused) {
  test(`${name} clashes in OpenMetrics`, () => {
    const finding = only(withMetric(name, metric));
    assert.equal(finding.entry, `metrics.${name}`);
    assert.match(finding.rule, /called like those of no other metric, here acme_request/);
    assert.equal(finding.value, `"${taken}"`);
  });
}

test('names that only begin alike do not clash', () => {
  assert.deepEqual(withMetric('acme_requests_open', gauge), []);
});

test('exemplars stand on counters and histograms', () => {
  assert.deepEqual(withMetric('acme_jobs_total', { exemplars: true }), []);
  const finding = only(withMetric('acme_jobs', { type: 'gauge', exemplars: true }));
  assert.deepEqual(
    [finding.entry, finding.rule],
    ['metrics.acme_jobs.exemplars', 'only counters and histograms have exemplars'],
  );
});
