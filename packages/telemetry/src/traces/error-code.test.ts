import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { errorCodeOf } from './error-code.ts';

const cases: readonly (readonly [string | undefined, string])[] = [
  ['503', 'http_503'],
  ['UNAVAILABLE', 'UNAVAILABLE'],
  ['ECONNREFUSED', 'ECONNREFUSED'],
  ['TypeError', 'type_error'],
  ['DatabaseError', 'database_error'],
  ['upstream_timeout', 'upstream_timeout'],
  ['HTTPError2', 'httperror2'],
  [undefined, 'unknown_error'],
  ['', 'unknown_error'],
  ['¡!', 'unknown_error'],
  ['x'.repeat(500), 'x'.repeat(64)],
];
for (const [type, code] of cases) {
  test(`${JSON.stringify(type)?.slice(0, 30)} has the code ${code.slice(0, 30)}`, () => {
    assert.equal(errorCodeOf(type), code);
  });
}

test('a span that failed carries a code, its own where it has one; one that did not fail carries none', async () => {
  const { telemetry, exporter } = startTestTelemetry('proxy');
  const { tracer } = telemetry;
  tracer.startSpan('well').end();
  tracer.startSpan('failed').setAttribute('error.type', 'RangeError').setStatus('error', 'x').end();
  tracer.startSpan('told').setAttribute('error_code', 'order_refused').setStatus('error', 'x').end();
  await telemetry.stop();
  const codes = exporter.spans.map(({ name, attributes }) => [name, attributes.error_code]);
  assert.deepEqual(codes, [
    ['well', undefined],
    ['failed', 'range_error'],
    ['told', 'order_refused'],
  ]);
});
