import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SloDefinition } from '../model.ts';
import { duration, findingsOf, objective, only, valid } from '../testing/sample-contract.ts';

function withObjective(own: Partial<SloDefinition>) {
  return findingsOf({ ...valid, slos: { api_p95: { ...objective, ...own } } });
}

const refused: [string, Partial<SloDefinition>, string, RegExp, string][] = [
  [
    'an unknown metric',
    { metric: 'acme_x_seconds' },
    'metric',
    /^an objective names a histogram/,
    '"acme_x_seconds"',
  ],
  ['a counter', { metric: 'acme_requests_total' }, 'metric', /histogram/, '"acme_requests_total"'],
  ['an unknown label', { selector: { route: ['/a'] } }, 'selector.route', /has the label$/, '"route"'],
  ['an unknown value', { selector: { result: ['ok', 'maybe'] } }, 'selector.result', /closed set/, '"maybe"'],
  ['an objective of 1', { objective: 1 }, 'objective', /between 0 and 1/, '1'],
  ['an objective that is no number', { objective: Number.NaN }, 'objective', /between 0 and 1/, 'NaN'],
  [
    'a threshold between two bounds',
    { evaluatedAtSeconds: 0.3 },
    'evaluatedAtSeconds',
    /^the threshold is a bucket boundary of acme_request_duration_seconds \(0\.1, 0\.25, 1\)$/,
    '0.3',
  ],
  [
    'a bound looser than the threshold',
    { evaluatedAtSeconds: 1 },
    'evaluatedAtSeconds',
    /^an objective is evaluated at its threshold \(0\.3\) or stricter$/,
    '1',
  ],
];
for (const [title, own, entry, rule, value] of refused) {
  test(`${title} is refused`, () => {
    const finding = only(withObjective(own));
    assert.equal(finding.entry, `slos.api_p95.${entry}`);
    assert.match(finding.rule, rule);
    assert.equal(finding.value, value);
  });
}

test('a boundary at the threshold or below it is accepted', () => {
  assert.deepEqual(withObjective({}), []);
  assert.deepEqual(withObjective({ thresholdSeconds: 0.25 }), []);
  assert.deepEqual(withObjective({ selector: {} }), []);
});

test('a histogram that is not in seconds is refused', () => {
  const sizes = { ...duration, unit: 'bytes' };
  const metrics = { ...valid.metrics, acme_size_bytes: sizes };
  const slos = { size: { ...objective, metric: 'acme_size_bytes' } };
  assert.equal(only(findingsOf({ ...valid, metrics, slos })).entry, 'slos.size.metric');
});
