import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findUnknownVariables } from './unknown-variables.ts';

const known = ['OTEL_SAMPLE_RATIO', 'IBEX_PROXY_PORT', 'IBEX_COLLECTOR_QUERY_TOKEN'];

test('variables that are known, and files for them, are counted', () => {
  const environment = { OTEL_SAMPLE_RATIO: '1', IBEX_COLLECTOR_QUERY_TOKEN_FILE: '/x', HOME: '/root' };
  const findings = findUnknownVariables(environment, known);
  assert.deepEqual(findings, [
    { status: 'ok', name: 'variables', message: '2 of OTEL_* and IBEX_*, all known' },
  ]);
});

const unknown: readonly (readonly [string, RegExp])[] = [
  ['IBEX_PROXI_PORT', /^Did you mean IBEX_PROXY_PORT\?$/],
  ['IBEX_COLLECTOR_QUERRY_TOKEN_FILE', /^Did you mean IBEX_COLLECTOR_QUERY_TOKEN_FILE\?$/],
  ['OTEL_TRACES_SAMPLER_ARG', /OTEL_SAMPLE_RATIO/],
  ['IBEX_UNHEARD_OF_THING', /docs\/configuration\.md/],
];
for (const [name, advice] of unknown) {
  test(`${name} is found, with what to do`, () => {
    const [finding] = findUnknownVariables({ [name]: 'x' }, known);
    assert.deepEqual([finding?.status, finding?.name], ['warning', name]);
    assert.match(finding?.advice ?? '', advice);
  });
}

test('no more are listed than one can read', () => {
  const many = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`IBEX_X${index}`, '1']));
  assert.equal(findUnknownVariables(many, known).length, 50);
});
