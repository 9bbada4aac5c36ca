import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ibexContract } from '@ibex/contract';
import { Findings } from '../findings.ts';
import { createSecretTest } from '../secret-test.ts';
import { readSpan } from './captured-span.ts';
import { checkSpan } from './check-span.ts';
import { createMatcher } from './match-definition.ts';

const resource = {
  'service.name': 'auth',
  'service.version': '1',
  'deployment.environment': 'test',
  'service.instance.id': '1',
};

/** The rules a database span breaks. */
function brokenBy(rest: { status: string; attributes?: Record<string, unknown> }): string[] {
  const attributes = { 'db.system.name': 'postgresql', 'db.operation.name': 'find', ...rest.attributes };
  const span = readSpan({ name: 'db.find', kind: 'client', resource, ...rest, attributes });
  const findings = new Findings('traces', 'auth');
  checkSpan(span, createMatcher(ibexContract)(span), {
    service: 'auth',
    contract: ibexContract,
    locate: () => undefined,
    secrets: createSecretTest([], []),
    findings,
  });
  return findings.list.map(({ rule }) => rule);
}

test('a span that failed has an error_code', () => {
  assert.deepEqual(brokenBy({ status: 'unset' }), []);
  assert.deepEqual(brokenBy({ status: 'error', attributes: { error_code: 'database_unavailable' } }), []);
  assert.deepEqual(brokenBy({ status: 'error', attributes: { error_code: 'UNAVAILABLE' } }), []);
  assert.deepEqual(brokenBy({ status: 'error' }), ['error-code']);
});

for (const error_code of ['', 503, '503', 'It could not be reached.', 'x'.repeat(65)]) {
  test(`${JSON.stringify(error_code).slice(0, 30)} is no error_code`, () => {
    assert.deepEqual(brokenBy({ status: 'error', attributes: { error_code } }), ['error-code']);
  });
}
