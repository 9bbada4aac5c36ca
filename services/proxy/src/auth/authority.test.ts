import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { credentials } from '@grpc/grpc-js';
import { startTestTelemetry } from '@ibex/telemetry/testing';
import { ApiError } from '../api-error.ts';
import { goodToken, startAuthServer, type TestAuthServer } from '../testing/auth-server.ts';
import { createAuthClient } from './auth-client.ts';
import { Authority } from './authority.ts';

/** Trusted for a moment without being told of revocations, for a minute when told. */
const token = goodToken({ cacheTtlMs: 100, watchedCacheTtlMs: 60_000 });

async function startAuthority(context: TestContext, watching: TestAuthServer['watching'] = 'stream') {
  const auth = await startAuthServer();
  auth.watching = watching;
  auth.tokens.set('good', token);
  const { telemetry } = startTestTelemetry('proxy');
  const client = createAuthClient({
    address: auth.address,
    credentials: credentials.createInsecure(),
    timeoutMs: 2_000,
    telemetry,
  });
  const authority = new Authority({ client, telemetry, cacheEntries: 100 });
  context.after(async () => {
    await authority.close();
    client.close();
    auth.stop();
    await telemetry.stop();
  });
  const exposes = (line: string) => telemetry.metrics.exposition().split('\n').includes(line);
  return { auth, authority, exposes };
}

async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await condition())) await wait(10);
}

for (const watching of ['stream', 'poll'] as const) {
  test(`a revocation told by ${watching} is felt, and nothing is asked before it`, async (context) => {
    const { auth, authority, exposes } = await startAuthority(context, watching);
    await until(() => exposes(`ibex_proxy_auth_watches_up{source="${watching}"} 1`));
    assert.equal((await authority.judgeToken('good')).status, 'TOKEN_STATUS_OK');
    await wait(300);
    assert.equal((await authority.judgeToken('good')).status, 'TOKEN_STATUS_OK');
    assert.deepEqual(auth.asked, ['good'], 'its time is up only for who is not told');

    auth.tokens.set('good', { status: 'TOKEN_STATUS_REVOKED' });
    auth.revoke({ kind: 'SUBJECT_KIND_TOKEN', id: 'token-1' });
    await until(async () => (await authority.judgeToken('good')).status === 'TOKEN_STATUS_REVOKED');
    assert.ok(exposes('ibex_proxy_auth_revocations_total{result="applied"} 1'));
  });
}

test('a user, an agent and an organisation take the verdicts of their tokens with them', async (context) => {
  const { auth, authority, exposes } = await startAuthority(context);
  await until(() => exposes('ibex_proxy_auth_watches_up{source="stream"} 1'));
  auth.tokens.set('bound', { ...token, tokenId: 'token-2', userId: '', agentId: 'agent-1' });
  const subjects = [
    ['good', 'SUBJECT_KIND_USER', 'user-1'],
    ['bound', 'SUBJECT_KIND_AGENT', 'agent-1'],
    ['bound', 'SUBJECT_KIND_ORGANISATION', 'org-1'],
  ] as const;
  for (const [text, kind, id] of subjects) {
    await authority.judgeToken(text);
    const before = auth.asked.length;
    auth.revoke({ kind, id });
    await until(async () => {
      await authority.judgeToken(text);
      return auth.asked.length > before;
    });
  }
});

test('without being told, verdicts are trusted for the revocation budget and then refused', async (context) => {
  const { auth, authority, exposes } = await startAuthority(context, 'not');
  await authority.judgeToken('good');
  await authority.judgeToken('good');
  assert.deepEqual(auth.asked, ['good']);
  auth.stop();
  await wait(150);
  await assert.rejects(
    async () => authority.judgeToken('good'),
    (error) => error instanceof ApiError && error.statusCode === 503,
  );
  assert.ok(exposes('ibex_proxy_auth_watches_up{source="stream"} 0'));
  assert.ok(exposes('ibex_proxy_auth_cache_lookups_total{result="stale"} 1'));
});

test('what was revoked while nobody listened is made up for', async (context) => {
  const { auth, authority, exposes } = await startAuthority(context);
  await until(() => exposes('ibex_proxy_auth_watches_up{source="stream"} 1'));
  await authority.judgeToken('good');
  auth.watching = 'not';
  await until(() => exposes('ibex_proxy_auth_watches_up{source="stream"} 0'));
  auth.tokens.set('good', { status: 'TOKEN_STATUS_REVOKED' });
  auth.revoke({ kind: 'SUBJECT_KIND_TOKEN', id: 'token-1' });
  auth.watching = 'stream';
  await until(() => exposes('ibex_proxy_auth_watches_up{source="poll"} 1'));
  assert.equal((await authority.judgeToken('good')).status, 'TOKEN_STATUS_REVOKED');
  assert.ok(exposes('ibex_proxy_auth_revocations_total{result="applied"} 1'));
  assert.ok(exposes('ibex_proxy_auth_revocations_total{result="reset"} 1'), 'only that of the start');
});
