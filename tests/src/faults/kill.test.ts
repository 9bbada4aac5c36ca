import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type Answer, errorsOf } from './harness/answer.ts';
import { send } from './harness/client.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';
import { behaveWell, chunk, doneEvent, startStream } from './harness/upstream.ts';

interface Entry {
  readonly action: string;
  readonly targetId: string;
  readonly actorTokenId: string | null;
  readonly actorUserId: string | null;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly requestId: string | null;
}

describe('an admin ends a request', () => {
  let gateway: Gateway;
  let finish: () => unknown;

  before(async () => {
    // What is known of the admin stays known without auth: it is the entry that is to fail.
    gateway = await startGateway({ authEnvironment: { IBEX_AUTH_CACHE_TTL_MS: '60000' } });
  });
  after(() => gateway?.stop());
  afterEach(() => {
    gateway.authLink.mend();
    gateway.authLink.delayMs = 0;
    gateway.upstream.behave = behaveWell;
  });

  const admin = () => ({ authorization: `Bearer ${gateway.adminToken}` });
  const kill = (requestId: string) =>
    gateway.send(`/admin/requests/${requestId}`, { method: 'DELETE', headers: admin() });
  const auditLog = async () => {
    const { status, body } = await send(`${gateway.auth.address('http')}/v1/audit`, { headers: admin() });
    assert.equal(status, 200, body);
    const { entries } = JSON.parse(body) as { entries: Entry[] };
    return entries.filter(({ action }) => action.startsWith('request.kill'));
  };
  /** A stream whose model has said one word and waits. */
  const startWaiting = async (): Promise<{ requestId: string; answer: Promise<Answer> }> => {
    gateway.upstream.behave = (response) => {
      startStream(response).write(chunk('Hello'));
      finish = () => response.end(chunk(' you', 'stop') + doneEvent);
    };
    const started = Promise.withResolvers<string>();
    const answer = gateway.chat(
      { stream: true },
      { onResponse: ({ headers }) => started.resolve(String(headers['x-request-id'])) },
    );
    return { requestId: await started.promise, answer };
  };

  test('it stands in the audit log of its organisation, and its client is told', async () => {
    const { requestId, answer } = await startWaiting();
    const killed = await kill(requestId);
    assert.deepEqual([killed.status, JSON.parse(killed.body)], [200, { request_id: requestId, killed: 1 }]);
    assert.deepEqual(
      errorsOf(await answer).map(({ code }) => code),
      ['call_killed'],
    );
    const [entry, ...others] = await auditLog();
    assert.deepEqual(others, []);
    assert.equal(entry?.targetId, requestId);
    assert.equal(entry.requestId, killed.headers['x-request-id']);
    assert.match(entry.actorTokenId ?? '', /^[a-z2-7]{16}$/);
    assert.match(entry.actorUserId ?? '', /^user_[a-z2-7]{16}$/);
    assert.equal(entry.metadata.request_scope, 'organisation');
    assert.ok(!JSON.stringify(entry).includes(gateway.adminToken));
  });

  test('without an audit log nothing is ended: 503 with what to do, and the stream goes on to its end', async () => {
    const before = await auditLog();
    await gateway.send('/admin/requests', { headers: admin() });
    const { requestId, answer } = await startWaiting();
    gateway.authLink.cut();
    const refused = await kill(requestId);
    assert.equal(refused.status, 503, refused.body);
    const [error] = errorsOf(refused);
    assert.equal(error?.code, 'audit_unavailable');
    assert.match(error.message, /was not ended .* see that it and its database run, and try again/);
    finish();
    const { body, complete } = await answer;
    assert.ok(complete && body.endsWith(doneEvent) && !body.includes('call_killed'), body);
    gateway.authLink.mend();
    assert.deepEqual(await auditLog(), before);
  });

  test('what ends by itself before its turn comes is a 404, and the audit log tells both', async () => {
    const before = await auditLog();
    await eventually(async () => (await gateway.send('/readyz')).status === 200 || undefined);
    const { requestId, answer } = await startWaiting();
    gateway.authLink.delayMs = 400;
    const late = kill(requestId);
    // The entry is on its way: only then the stream may end.
    await eventually(async () => (await auditLog()).length > before.length || undefined);
    finish();
    assert.ok((await answer).complete && !(await answer).body.includes('call_killed'));
    const { status, headers } = await late;
    assert.equal(status, 404);
    const told = (await auditLog()).slice(0, 2);
    assert.deepEqual(
      told.map(({ action, targetId, requestId: own }) => [action, targetId, own]),
      ['request.kill_missed', 'request.kill'].map((action) => [action, requestId, headers['x-request-id']]),
    );
  });

  test('nobody else may, and what is not under way leaves no entry', async () => {
    const before = await auditLog();
    const { requestId, answer } = await startWaiting();
    const headers = { authorization: `Bearer ${gateway.apiKey}` };
    const refused = await gateway.send(`/admin/requests/${requestId}`, { method: 'DELETE', headers });
    assert.equal(refused.status, 403);
    finish();
    assert.ok((await answer).complete);
    await eventually(async () => (await kill(requestId)).status === 404 || undefined);
    assert.deepEqual(await auditLog(), before);
  });
});
