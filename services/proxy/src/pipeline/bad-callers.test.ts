import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { goodToken } from '../testing/auth-server.ts';
import { errorOf } from '../testing/error-of.ts';
import { startGateway } from '../testing/gateway.ts';

const chat = { model: 'echo', messages: [{ role: 'user', content: 'hi' }] };

test('refuses callers without a good token, each with its own code', async (context) => {
  const gateway = await startGateway(context);
  gateway.auth.tokens.set('revoked', { status: 'TOKEN_STATUS_REVOKED' });
  gateway.auth.tokens.set('expired', { status: 'TOKEN_STATUS_EXPIRED' });
  const cases: readonly [Record<string, string>, string][] = [
    [{ authorization: '' }, 'missing_api_key'],
    [{ authorization: 'Bearer ' }, 'missing_api_key'],
    [{ authorization: 'Basic Z29vZDo=' }, 'invalid_api_key'],
    [{ authorization: 'Bearer nobody' }, 'invalid_api_key'],
    [{ authorization: `Bearer ${'x'.repeat(2000)}` }, 'invalid_api_key'],
    [{ authorization: 'Bearer two words' }, 'invalid_api_key'],
    [{ authorization: 'Bearer revoked' }, 'token_revoked'],
    [{ authorization: 'Bearer expired' }, 'token_expired'],
    [{ 'openai-organization': 'org-2' }, 'mismatched_organization'],
  ];
  for (const [headers, code] of cases) {
    const error = await errorOf(await gateway.post(chat, { headers }), 401, code);
    assert.doesNotMatch(error.message, /nobody|revoked-|xxx|REDACTED/);
  }
  assert.deepEqual(gateway.auth.asked, ['nobody', 'revoked', 'expired', 'good']);
  const withoutHeader = await fetch(`${gateway.url}/v1/models`);
  assert.match(withoutHeader.headers.get('www-authenticate') ?? '', /Bearer/);
  const { message } = await errorOf(withoutHeader, 401, 'missing_api_key');
  assert.match(message, /"Authorization" after the word "Bearer", or in the header "x-api-key"/);
});

test('takes the token from either header, and the organisation of the token', async (context) => {
  const gateway = await startGateway(context);
  const models = (headers: Record<string, string>) => fetch(`${gateway.url}/v1/models`, { headers });
  assert.equal((await models({ 'x-api-key': 'good' })).status, 200);
  assert.equal((await models({ authorization: 'bearer good', 'openai-organization': 'org-1' })).status, 200);
});

test('refuses agents that are not of the organisation', async (context) => {
  const gateway = await startGateway(context);
  gateway.auth.agents.set('org-1/agent-1', { status: 'AGENT_STATUS_OK', cacheTtlMs: 1000 });
  gateway.auth.agents.set('org-2/agent-2', { status: 'AGENT_STATUS_OK', cacheTtlMs: 1000 });
  const as = (agent: string) => gateway.post(chat, { headers: { 'x-ibex-agent-id': agent } });
  assert.equal((await as('agent-1')).status, 200);
  for (const agent of ['agent-2', 'nobody', '../etc', 'x'.repeat(500)]) {
    const error = await errorOf(await as(agent), 403, 'agent_not_found');
    assert.equal(error.type, 'permission_error');
  }
});

async function traceAndRequestId(context: TestContext, headers: Record<string, string>) {
  const gateway = await startGateway(context);
  const response = await gateway.post(chat, { headers });
  assert.equal(response.status, 200);
  return {
    requestId: response.headers.get('x-request-id') ?? '',
    traceId: response.headers.get('x-trace-id') ?? '',
  };
}

test('keeps a good request id and trace, and replaces hostile ones', async (context) => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const good = await traceAndRequestId(context, {
    'x-request-id': 'my-request-42',
    traceparent: `00-${trace}-b7ad6b7169203331-01`,
  });
  assert.deepEqual(good, { requestId: 'my-request-42', traceId: trace });
  for (const requestId of ['x'.repeat(5000), 'a b', '<script>alert(1)</script>', '$(reboot)']) {
    const bad = await traceAndRequestId(context, {
      'x-request-id': requestId,
      traceparent: '00-00000000000000000000000000000000-zz-01',
    });
    assert.match(bad.requestId, /^[0-9a-f-]{36}$/);
    assert.notEqual(bad.traceId, '0'.repeat(32));
  }
});

test('limits requests per organisation, by its own limit before the default, and says so in headers', async (context) => {
  const gateway = await startGateway(context, { environment: { IBEX_PROXY_REQUESTS_PER_MINUTE: '2' } });
  gateway.auth.tokens.set('big', goodToken({ orgId: 'org-big', requestsPerMinute: 3 }));
  const statuses = async (token: string, count: number) => {
    const answers: Response[] = [];
    for (let index = 0; index < count; index += 1) {
      answers.push(await gateway.post(chat, { headers: { authorization: `Bearer ${token}` } }));
    }
    return answers;
  };
  const small = await statuses('good', 3);
  assert.deepEqual(
    small.map(({ status, headers }) => [status, headers.get('x-ratelimit-remaining-requests')]),
    [
      [200, '1'],
      [200, '0'],
      [429, '0'],
    ],
  );
  const denied = small[2];
  assert.ok(denied);
  assert.ok(Number(denied.headers.get('retry-after')) > 0);
  assert.match(denied.headers.get('x-ratelimit-reset-requests') ?? '', /^\d+s$|^1m0s$/);
  await errorOf(denied, 429, 'rate_limit_exceeded');
  assert.deepEqual(
    (await statuses('big', 4)).map(({ status }) => status),
    [200, 200, 200, 429],
  );
  assert.equal(await gateway.metric('ibex_proxy_rate_limited_total{result="allowed"}'), 5);
  assert.equal(await gateway.metric('ibex_proxy_rate_limited_total{result="denied"}'), 2);
});

test('limits an address before it asks who is calling', async (context) => {
  const environment = { IBEX_PROXY_ADDRESS_REQUESTS_PER_MINUTE: '3' };
  const gateway = await startGateway(context, { environment });
  const guess = (token: string) => gateway.post(chat, { headers: { authorization: `Bearer ${token}` } });
  for (const token of ['a', 'b', 'c']) assert.equal((await guess(token)).status, 401);
  const error = await errorOf(await guess('d'), 429, 'rate_limit_exceeded');
  assert.match(error.message, /address/);
  assert.deepEqual(gateway.auth.asked, ['a', 'b', 'c']);
});
