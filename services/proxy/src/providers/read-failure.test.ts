import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFailure } from './read-failure.ts';

const redact = (text: string) => text.replaceAll('hunter2', '[REDACTED]');

function answer(status: number, body: unknown, retryAfter?: string) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return readFailure({ provider: 'acme', status, body: text, redact, retryAfter }).toApiError();
}

const mapped: readonly [number, number, string][] = [
  [400, 400, 'upstream_rejected'],
  [401, 502, 'upstream_credentials_refused'],
  [402, 502, 'upstream_out_of_credit'],
  [403, 502, 'upstream_credentials_refused'],
  [404, 404, 'upstream_rejected'],
  [408, 504, 'upstream_timeout'],
  [409, 409, 'upstream_rejected'],
  [422, 422, 'upstream_rejected'],
  [429, 429, 'upstream_rate_limited'],
  [500, 502, 'upstream_error'],
  [503, 503, 'upstream_overloaded'],
  [504, 504, 'upstream_timeout'],
  [529, 503, 'upstream_overloaded'],
  [302, 502, 'upstream_invalid_response'],
];

test('maps what a provider answers to what a client can act on', () => {
  for (const [status, expected, code] of mapped) {
    const error = answer(status, '');
    assert.equal(error.statusCode, expected, `${status}`);
    assert.equal(error.code, code, `${status}`);
    assert.match(error.message, new RegExp(`^The provider "acme" .*\\(${status}\\)`));
  }
});

test('passes on message, code and param of a rejection, and the wish when to try again', () => {
  const rejected = answer(400, { error: { message: 'Unknown tool.', code: 'bad_tool', param: 'tools[0]' } });
  assert.equal(rejected.message, 'The provider "acme" rejected the request (400): Unknown tool.');
  assert.equal(rejected.code, 'bad_tool');
  assert.equal(rejected.param, 'tools[0]');
  assert.equal(answer(429, {}, '7').headers['retry-after'], '7');
});

test('never shows a secret, nor what is said about a refused key', () => {
  assert.doesNotMatch(answer(500, { error: { message: 'key hunter2' } }).message, /hunter2/);
  assert.doesNotMatch(answer(400, { error: { message: 'x', code: 'hunter2' } }).code, /hunter2/);
  const refused = answer(401, { error: { message: 'Incorrect API key: hun***er2' } });
  assert.doesNotMatch(refused.message, /hun\*/);
  assert.equal(refused.headers['x-should-retry'], 'false');
});

test('bounds what is shown, and takes text that is not JSON', () => {
  assert.ok(answer(500, 'x'.repeat(100_000)).message.length < 3000);
  assert.match(answer(502, '<html>bad gateway</html>').message, /bad gateway/);
  assert.match(answer(400, { error: 'plain' }).message, /plain/);
});

test('tells an empty account and a wrong key of Google from limits and rejections', () => {
  const empty = answer(429, { error: { message: 'You exceeded your quota.', code: 'insufficient_quota' } });
  assert.deepEqual([empty.statusCode, empty.code], [502, 'upstream_out_of_credit']);
  assert.equal(empty.headers['x-should-retry'], 'false');
  const wrongKey = { code: 400, message: 'API key not valid.', details: [{ reason: 'API_KEY_INVALID' }] };
  for (const body of [{ error: wrongKey }, [{ error: wrongKey }]]) {
    assert.equal(answer(400, body).code, 'upstream_credentials_refused');
  }
});

test('passes on how long to wait, however it was said', () => {
  const limited = { provider: 'acme', status: 429, redact };
  const both = readFailure({ ...limited, body: '', retryAfter: '2', retryAfterMs: '1234' });
  assert.equal(both.retryAfterMs, 1234);
  assert.deepEqual(both.toApiError().headers, { 'retry-after': '2', 'retry-after-ms': '1234' });
  const exact = readFailure({ ...limited, body: '', retryAfterMs: '1234' });
  assert.deepEqual(exact.toApiError().headers, { 'retry-after': '2', 'retry-after-ms': '1234' });
  const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.07s' }];
  const google = readFailure({ ...limited, body: JSON.stringify({ error: { message: 'Quota.', details } }) });
  assert.equal(google.retryAfterMs, 35_000);
  assert.equal(google.toApiError().headers['retry-after'], '35');
});
