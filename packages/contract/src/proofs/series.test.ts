import assert from 'node:assert/strict';
import { test } from 'node:test';
import { duration, findingsOf, only, requests, valid, withMetric } from '../testing/sample-contract.ts';
import { capacityOf, valuesFor, worstCaseSeries } from './series.ts';

const many = Array.from({ length: 9 }, (_, index) => `value_${index}`);

test('the worst case is the product of the closed sets, `other` included', () => {
  assert.equal(worstCaseSeries(requests, 'api'), 3 * 3);
  // Three buckets, +Inf, sum and count.
  assert.equal(worstCaseSeries(duration, 'api'), 3 * 6);
  assert.equal(worstCaseSeries({ ...requests, labels: {} }, 'api'), 1);
});

test('capacity counts `other` once, by service, and configured sets to their limit', () => {
  assert.equal(capacityOf(['a', 'other'], 'api'), 2);
  assert.equal(capacityOf(['a'], 'api'), 2);
  assert.equal(capacityOf({ configured: 'model', limit: 32 }, 'api'), 33);
  const byService = { perService: { api: ['a', 'b'], worker: ['c'] } };
  assert.equal(capacityOf(byService, 'api'), 3);
  assert.deepEqual(valuesFor(byService, 'worker'), ['c']);
  assert.deepEqual(valuesFor(byService, 'web'), []);
});

test('a metric at its budget is accepted, one above it is refused', () => {
  assert.deepEqual(withMetric('acme_jobs_total', { labels: { one: many, two: many } }), []);
  const finding = only(withMetric('acme_jobs_total', { labels: { one: [...many, 'x'], two: many } }));
  assert.equal(finding.entry, 'metrics.acme_jobs_total');
  assert.equal(finding.rule, 'its worst case in api stays within budget.perMetric (100 series)');
  assert.equal(finding.value, '110 series');
});

test('a service whose metrics together exceed the budget is refused', () => {
  const finding = only(findingsOf({ ...valid, budget: { perMetric: 100, perService: 26 } }));
  assert.equal(finding.entry, 'services.api');
  assert.match(finding.rule, /within budget\.perService \(26 series\)$/);
  assert.equal(finding.value, '27 series');
  assert.deepEqual(findingsOf({ ...valid, budget: { perMetric: 100, perService: 27 } }), []);
});
