import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goodToken } from '../testing/auth-server.ts';
import { startGateway, until } from '../testing/gateway.ts';
import { startUpstream, upstreamConfig } from '../testing/upstream.ts';

const none = {
  requestsPerMinute: 0,
  tokensPerMinute: 0,
  concurrentRequests: 0,
  monthlyTokenBudget: 0,
  monthlyCostBudgetMicros: 0,
};
const hello = { model: 'echo', messages: [{ role: 'user', content: 'hi' }] };

interface Refused {
  readonly error: { readonly message: string; readonly type: string; readonly code: string };
}

async function refusal(response: Response, status: number): Promise<Refused['error']> {
  assert.equal(response.status, status);
  return ((await response.json()) as Refused).error;
}

test('limits a token within its organisation and names whose limit it was', async (context) => {
  const gateway = await startGateway(context);
  gateway.auth.tokens.set(
    'good',
    goodToken({
      organisationLimits: { ...none, requestsPerMinute: 100 },
      tokenLimits: { ...none, requestsPerMinute: 1 },
    }),
  );
  const passed = await gateway.echo('hi');
  assert.equal(passed.headers.get('x-ratelimit-limit-requests'), '1');
  const refused = await gateway.echo('hi');
  assert.equal(refused.headers.get('x-should-retry'), 'true');
  assert.ok(Number(refused.headers.get('retry-after')) > 0);
  const error = await refusal(refused, 429);
  assert.equal(error.type, 'rate_limit_error');
  assert.match(error.message, /^Your token token-1 may send 1 requests per minute, and 1 are counted\./);
  gateway.auth.tokens.set('good', goodToken({ tokenLimits: { ...none, requestsPerMinute: 60 } }));
  gateway.auth.revoke({ kind: 'SUBJECT_KIND_TOKEN', id: 'token-1' });
  await until(async () => (await gateway.echo('raised')).status === 200);
  gateway.auth.tokens.set('other', goodToken({ tokenId: 'token-2' }));
  const other = await gateway.post(hello, { headers: { authorization: 'Bearer other' } });
  assert.equal(other.status, 200);
  const series = 'ibex_proxy_limit_refusals_total{scope="token",limit="requests"}';
  assert.ok(Number(await gateway.metric(series)) >= 1);
});

test('limits the agent a request names, and the one a token is bound to', async (context) => {
  const gateway = await startGateway(context);
  const limits = { ...none, requestsPerMinute: 1 };
  gateway.auth.agents.set('org-1/robot', { status: 'AGENT_STATUS_OK', limits, cacheTtlMs: 60_000 });
  const headers = { 'x-ibex-agent-id': 'robot' };
  assert.equal((await gateway.post(hello, { headers })).status, 200);
  assert.match(
    (await refusal(await gateway.post(hello, { headers }), 429)).message,
    /^The agent robot may send 1/,
  );
  assert.equal((await gateway.echo('without it')).status, 200);

  gateway.auth.tokens.set('bound', goodToken({ tokenId: 't', agentId: 'android', agentLimits: limits }));
  const bound = { authorization: 'Bearer bound' };
  assert.equal((await gateway.post(hello, { headers: bound })).status, 200);
  assert.match(
    (await refusal(await gateway.post(hello, { headers: bound }), 429)).message,
    /^The agent android/,
  );
  const stranger = await gateway.post(hello, { headers: { ...bound, ...headers } });
  assert.equal((await refusal(stranger, 403)).code, 'agent_not_allowed');
});

test('limits agents and tokens that have no limits of their own by the settings', async (context) => {
  const environment = {
    IBEX_PROXY_AGENT_REQUESTS_PER_MINUTE: '1',
    IBEX_PROXY_TOKEN_REQUESTS_PER_MINUTE: '3',
  };
  const gateway = await startGateway(context, { environment });
  gateway.auth.agents.set('org-1/robot', { status: 'AGENT_STATUS_OK', cacheTtlMs: 60_000 });
  const headers = { 'x-ibex-agent-id': 'robot' };
  assert.equal((await gateway.post(hello, { headers })).status, 200);
  const agent = await refusal(await gateway.post(hello, { headers }), 429);
  assert.match(agent.message, /^The agent robot may send 1 /);
  for (const text of ['second', 'third']) assert.equal((await gateway.echo(text)).status, 200);
  const token = await refusal(await gateway.echo('fourth'), 429);
  assert.match(token.message, /^Your token token-1 may send 3 /);
});

test('reserves tokens, gives back what was not used, and refuses what could never pass', async (context) => {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: upstreamConfig(upstream) });
  gateway.auth.tokens.set('good', goodToken({ organisationLimits: { ...none, tokensPerMinute: 1000 } }));
  const ask = { ...hello, model: 'gpt-4o-mini', max_tokens: 900 };
  for (let index = 0; index < 5; index += 1) {
    const answer = await gateway.post(ask);
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('x-ratelimit-limit-tokens'), '1000');
    assert.ok(Number(answer.headers.get('x-ratelimit-remaining-tokens')) < 100);
  }
  const streamed = await gateway.post({ ...ask, stream: true });
  assert.equal(streamed.headers.get('x-ratelimit-limit-tokens'), '1000');
  await streamed.text();
  const never = await gateway.post({ ...ask, max_tokens: 2000 });
  assert.equal(never.headers.get('x-should-retry'), 'false');
  assert.match(
    (await refusal(never, 429)).message,
    /may use 1000 tokens per minute, and this request may take 2\d\d\d/,
  );
});

test('frees the place of a request however it ends', async (context) => {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: upstreamConfig(upstream) });
  gateway.auth.tokens.set('good', goodToken({ tokenLimits: { ...none, concurrentRequests: 1 } }));
  const ask = { ...hello, model: 'gpt-4o-mini' };
  upstream.behave = () => undefined;
  const leaving = new AbortController();
  const hanging = gateway.post(ask, { signal: leaving.signal }).catch(() => undefined);
  await until(() => upstream.calls.length === 1);
  const full = await refusal(await gateway.post(ask), 429);
  assert.match(
    full.message,
    /^Your token token-1 may have 1 requests under way at the same time and has 1\./,
  );
  leaving.abort();
  await hanging;
  upstream.behave = (response) => response.writeHead(400).end('{}');
  const failed = await untilNotFull(() => gateway.post(ask));
  assert.equal(failed.status, 400);
  assert.equal((await gateway.post({ ...ask, model: 'no-such-model' })).status, 404);
  upstream.behave = (response) => response.socket?.destroy();
  assert.equal((await gateway.post(ask)).status, 502);
  assert.equal((await gateway.echo('still free')).status, 200);
});

async function untilNotFull(ask: () => Promise<Response>): Promise<Response> {
  let response = await ask();
  while (response.status === 429) response = await ask();
  return response;
}

test('keeps to the scopes of token and agent, in what it answers and in what it lists', async (context) => {
  const gateway = await startGateway(context);
  const get = (path: string) => fetch(`${gateway.url}${path}`, { headers: { authorization: 'Bearer good' } });
  gateway.auth.tokens.set('good', goodToken({ scopes: { models: ['gpt-*'], endpoints: [] } }));
  const model = await refusal(await gateway.echo('hi'), 403);
  assert.deepEqual([model.type, model.code], ['permission_error', 'model_not_allowed']);
  assert.match(model.message, /"echo"/);
  const list = (await (await get('/v1/models')).json()) as { data: unknown[] };
  assert.deepEqual(list.data, []);
  assert.equal((await get('/v1/models/echo')).status, 403);
});

test('refuses an endpoint outside the scopes before it reads the body, in the shape of the endpoint', async (context) => {
  const gateway = await startGateway(context);
  gateway.auth.tokens.set('good', goodToken({ scopes: { models: [], endpoints: ['models'] } }));
  const answer = await fetch(`${gateway.url}/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': 'good', 'content-type': 'application/json' },
    body: '{not json',
  });
  assert.equal(answer.status, 403);
  const body = (await answer.json()) as { type: string; error: { type: string; message: string } };
  assert.deepEqual([body.type, body.error.type], ['error', 'permission_error']);
  assert.match(body.error.message, /may not call messages/);
  const models = await fetch(`${gateway.url}/v1/models`, { headers: { 'x-api-key': 'good' } });
  assert.equal(models.status, 200);
});
