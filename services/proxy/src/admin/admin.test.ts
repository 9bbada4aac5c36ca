import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goodToken } from '../testing/auth-server.ts';
import { startGateway, type TestGateway, until } from '../testing/gateway.ts';
import {
  doneLine,
  recordedChunks,
  startEvents,
  startUpstream,
  upstreamConfig,
  wire,
} from '../testing/upstream.ts';
import { adminAccess } from './access.ts';

const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] };

type Json = Record<string, unknown>;

async function start(context: Parameters<typeof startGateway>[0]) {
  const upstream = await startUpstream(context);
  const prices = { 'gpt-4o-mini': { input: 1, output: 2 } };
  const gateway = await startGateway(context, { config: { ...upstreamConfig(upstream), prices } });
  const { tokens } = gateway.auth;
  for (const role of ['admin', 'ops', 'member', 'owner', '']) {
    tokens.set(`${role}-1`, goodToken({ tokenId: `${role}-1`, role }));
    tokens.set(`${role}-operator`, goodToken({ orgId: 'org-0', role, operates: true }));
  }
  tokens.set('admin-2', goodToken({ orgId: 'org-2', role: 'admin' }));
  const call = async (token: string, route: string): Promise<{ status: number; body: Json }> => {
    const [method = '', path = ''] = route.split(' ');
    const headers = { authorization: `Bearer ${token}` };
    const response = await fetch(`${gateway.url}${path}`, { method, headers });
    return { status: response.status, body: (await response.json()) as Json };
  };
  return { gateway, upstream, call };
}

function codeOf(body: Json): unknown {
  return (body.error as Json | undefined)?.code;
}

test('every route of the admin API lets in those it is for, and nobody else', async (context) => {
  const { gateway, call } = await start(context);
  const passes = { admin: ['admin-1', 'admin-operator'], operator: ['admin-operator'] } as const;
  const tokens = [...gateway.auth.tokens.keys()].filter((token) => /-(?:1|operator)$/.test(token));
  assert.equal(tokens.length, 10);
  for (const [route, access] of Object.entries(adminAccess)) {
    const path = route.replace(':requestId', 'no-such-request');
    for (const token of tokens) {
      const { status, body } = await call(token, path);
      if ((passes[access] as readonly string[]).includes(token)) {
        assert.equal(status, route.startsWith('DELETE') ? 404 : 200, `${route} ${token}`);
      } else {
        assert.deepEqual([status, codeOf(body)], [403, 'role_not_allowed'], `${route} ${token}`);
      }
    }
    assert.equal((await call('nobody', path)).status, 401);
  }
});

async function startStream(gateway: TestGateway) {
  const response = await gateway.post({ ...ask, stream: true });
  return { response, requestId: response.headers.get('x-request-id') ?? '' };
}

test('requests under way are told to admins of their organisation, and can be killed by them', async (context) => {
  const { gateway, upstream, call } = await start(context);
  upstream.behave = (response) => {
    startEvents(response);
    response.write(wire(recordedChunks.slice(0, 3)));
  };
  const { response, requestId } = await startStream(gateway);
  const list = async (token: string) => (await call(token, 'GET /admin/requests')).body.data as Json[];
  await until(async () => (await list('admin-1'))[0]?.chunks === 3);
  const [told, ...others] = await list('admin-1');
  assert.deepEqual(others, []);
  const { age_ms: age, first_token_ms: firstToken, ...rest } = told ?? assert.fail();
  assert.ok(Number(age) >= Number(firstToken));
  assert.deepEqual(rest, {
    request_id: requestId,
    org_id: 'org-1',
    agent_id: null,
    dialect: 'chat',
    stream: true,
    model: 'gpt-4o-mini',
    provider: 'acme',
    upstream_model: 'gpt-4o-mini',
    chunks: 3,
    input_tokens: null,
    output_tokens: null,
    attempts: 1,
    client: 'connected',
  });
  assert.deepEqual(await list('admin-2'), []);
  assert.equal((await call('admin-2', `DELETE /admin/requests/${requestId}`)).status, 404);
  assert.equal(gateway.auth.kills.length, 0);
  assert.equal((await list('admin-operator')).length, 1);
  const killed = await call('admin-1', `DELETE /admin/requests/${requestId}`);
  assert.deepEqual([killed.status, killed.body], [200, { request_id: requestId, killed: 1 }]);
  const name = gateway.auth.kills[0]?.gateway ?? '';
  assert.notEqual(name, '');
  const kill = { token: 'admin-1', requestId, orgIds: ['org-1'], gateway: name, alreadyOver: false };
  assert.deepEqual(gateway.auth.kills, [kill]);
  const text = await response.text();
  assert.match(text, /"code":"call_killed"/);
  assert.ok(text.includes(requestId));
  await until(() => gateway.auth.usage.records.length === 1);
  assert.equal(gateway.auth.usage.records[0]?.outcome, 'killed');
  assert.deepEqual(await list('admin-1'), []);
});

test('no request is ended without its entry in the audit log, and the answer says what to do', async (context) => {
  const { gateway, upstream, call } = await start(context);
  let finish = () => undefined as unknown;
  upstream.behave = (response) => {
    startEvents(response);
    response.write(wire(recordedChunks.slice(0, 3)));
    finish = () => response.end(`${wire(recordedChunks.slice(3))}${doneLine}`);
  };
  const { response, requestId } = await startStream(gateway);
  const kill = () => call('admin-1', `DELETE /admin/requests/${requestId}`);
  gateway.auth.killing = 'failing';
  const failed = await kill();
  assert.deepEqual([failed.status, codeOf(failed.body)], [503, 'audit_unavailable']);
  const { message, request_id: ownId } = failed.body.error as Json;
  assert.match(String(message), /was not ended .* see that it and its database run, and try again/);
  assert.match(String(ownId), /^[0-9a-f-]{36}$/);
  gateway.auth.killing = 'not allowed';
  const refused = await kill();
  assert.deepEqual([refused.status, codeOf(refused.body)], [403, 'role_not_allowed']);
  assert.deepEqual(gateway.auth.kills, []);
  finish();
  const text = await response.text();
  assert.ok(text.endsWith('data: [DONE]\n\n') && !text.includes('call_killed'));
});

test('a kill shows its entry and the deed in its trace', async (context) => {
  const { gateway, upstream, call } = await start(context);
  upstream.behave = (response) => {
    startEvents(response);
    response.write(wire(recordedChunks.slice(0, 3)));
  };
  const { response, requestId } = await startStream(gateway);
  await call('admin-1', `DELETE /admin/requests/${requestId}`);
  await response.text();
  const spans = await gateway.spans();
  const name = 'DELETE /admin/requests/:requestId';
  const server = spans.find((span) => span.name === name);
  const children = spans
    .filter(({ parentSpanId }) => parentSpanId === server?.spanId)
    .map((span) => span.name);
  assert.deepEqual(
    children.filter((child) => !child.endsWith('/ValidateToken')),
    ['ibex.auth.v1.AuthService/RecordKill', 'domain.request.kill'],
  );
});

test("usage is of the caller's organisation, and includes what has just ended", async (context) => {
  const { gateway, call } = await start(context);
  await gateway.post(ask);
  await gateway.post({ ...ask, stream: true }).then((response) => response.text());
  const { body } = await call('admin-1', 'GET /admin/usage?group_by=model');
  assert.deepEqual([body.org_id, body.group_by, body.truncated], ['org-1', ['model'], false]);
  const [row] = body.data as Json[];
  assert.deepEqual(
    [row?.model, row?.calls, row?.input_tokens, row?.output_tokens, row?.cost_usd_micros],
    ['gpt-4o-mini', 2, 18, 14, 46],
  );
  assert.deepEqual((await call('admin-2', 'GET /admin/usage')).body.data, []);
  assert.equal((await call('admin-1', 'GET /admin/usage?org_id=org-2')).status, 403);
  const all = await call('admin-operator', 'GET /admin/usage?group_by=model&org_id=*');
  assert.equal((all.body.data as Json[]).length, 1);
});

test('a question about usage that cannot be answered is refused by its parameter', async (context) => {
  const { gateway, call } = await start(context);
  const wrong: readonly [string, string][] = [
    ['from=yesterday', 'from'],
    ['from=2026-02-01&to=2026-01-01', 'from'],
    ['from=2020-01-01&to=2026-01-01', 'from'],
    ['to=2026-13-01', 'to'],
    ['group_by=day,day', 'group_by'],
    ['group_by=price', 'group_by'],
    ['limit=0', 'limit'],
    ['limit=1&limit=2', 'limit'],
    ['form=2026-01-01', 'form'],
  ];
  for (const [query, param] of wrong) {
    const { status, body } = await call('admin-1', `GET /admin/usage?${query}`);
    assert.deepEqual([status, (body.error as Json).param], [400, param], query);
  }
  gateway.auth.usage.down = true;
  const { status, body } = await call('admin-1', 'GET /admin/usage');
  assert.deepEqual([status, codeOf(body)], [503, 'usage_unavailable']);
});

test('metrics and ledger are compared by provider', async (context) => {
  const { gateway, upstream, call } = await start(context);
  await gateway.post(ask);
  await gateway.echo('hi');
  upstream.behave = (response) => response.writeHead(500).end();
  await gateway.post(ask);
  const { body } = await call('admin-operator', 'GET /admin/usage/reconciliation');
  assert.deepEqual([body.equal, body.quiet, body.waiting, body.dropped], [true, true, 0, 0]);
  const [acme] = (body.data as Json[]).filter(({ provider }) => provider === 'acme');
  const amounts = { calls: 2, input_tokens: 9, output_tokens: 7, cost_usd_micros: 23 };
  assert.deepEqual([acme?.metrics, acme?.ledger], [amounts, amounts]);
  gateway.auth.usage.records.pop();
  const after = await call('admin-operator', 'GET /admin/usage/reconciliation');
  assert.equal(after.body.equal, false);
});
