import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { send } from './faults/harness/client.ts';
import { scrape } from './faults/harness/footprint.ts';
import { type Link, startLink } from './faults/harness/link.ts';
import { type Service, startService } from './faults/harness/service.ts';
import { type AuthRelay, startAuthRelay } from './support/auth-relay.ts';
import { eventually } from './support/eventually.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from './support/postgres.ts';
import { skipWithout } from './support/programs.ts';

/** Far longer than a revocation takes, and far shorter than the verdicts would live that nobody took back. */
const feltTimeoutMs = 30_000;
/** What a gateway remembers lives this long, so that only being told can end it sooner. */
const verdictTtlMs = 600_000;

/** Two gateways, each with an auth of its own on one Postgres, and the wire between each pair. */
interface Pair {
  readonly auth: Service;
  readonly proxy: Service;
  readonly relay: AuthRelay;
  readonly link: Link;
}

describe('a token is revoked', { skip: skipWithout(...postgresPrograms) }, () => {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-revocation-'));
  const credentialsFile = join(directory, 'credentials.json');
  const pairs: Pair[] = [];
  let postgres: PostgresServer;
  let adminToken: string;

  async function startPair(databaseUrl: string): Promise<Pair> {
    const auth = await startService('auth', {
      IBEX_AUTH_HTTP_PORT: '0',
      IBEX_AUTH_GRPC_PORT: '0',
      IBEX_AUTH_TOKEN_HASH_KEY: 'a key that only tests ever use, of 40 chars',
      IBEX_CREDENTIALS_FILE: credentialsFile,
      IBEX_AUTH_CACHE_TTL_MS: String(verdictTtlMs),
      IBEX_AUTH_WATCHED_CACHE_TTL_MS: String(verdictTtlMs),
      DATABASE_URL: databaseUrl,
    });
    const relay = await startAuthRelay(auth.address('grpc'));
    const link = await startLink(relay.address);
    const proxy = await startService('proxy', {
      IBEX_PROXY_PORT: '0',
      IBEX_AUTH_GRPC_ADDRESS: link.address,
      IBEX_PROXY_REQUESTS_PER_MINUTE: '1000000',
    });
    return { auth, proxy, relay, link };
  }

  before(async () => {
    postgres = await startPostgres();
    const url = await postgres.createDatabase();
    // One after the other: the first makes the credentials.
    for (let index = 0; index < 2; index += 1) pairs.push(await startPair(url));
    const credentials = JSON.parse(readFileSync(credentialsFile, 'utf8')) as { admin_token: string };
    adminToken = credentials.admin_token;
  });
  after(async () => {
    for (const { proxy, auth, relay, link } of pairs) {
      await proxy.stop();
      relay.close();
      await auth.stop();
      await link.close();
    }
    await postgres?.dispose();
    rmSync(directory, { recursive: true, force: true });
  });

  const manage = async (auth: Service, method: string, path: string, body?: object) => {
    const authorization = `Bearer ${adminToken}`;
    const options =
      body === undefined
        ? { headers: { authorization } }
        : { headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const answer = await send(`${auth.address('http')}/v1${path}`, { method, ...options });
    assert.ok(answer.status < 300, answer.body);
    return answer.body;
  };
  const issue = async (auth: Service) =>
    JSON.parse(await manage(auth, 'POST', '/tokens', { name: 'to be revoked', role: 'member' })) as {
      id: string;
      token: string;
    };
  const chat = async ({ proxy }: Pair, token: string) => {
    const { status, body } = await send(`${proxy.address('http')}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'echo', messages: [{ role: 'user', content: 'hi' }] }),
    });
    return status === 401 ? `401 ${JSON.parse(body).error.code}` : String(status);
  };
  const everywhere = (token: string) => Promise.all(pairs.map((pair) => chat(pair, token)));
  const becomes = (token: string, outcome: string) =>
    eventually(
      async () => {
        const outcomes = await everywhere(token);
        assert.deepEqual(outcomes, [outcome, outcome]);
        return true;
      },
      { timeoutMs: feltTimeoutMs },
    );
  /** Waits until every gateway is told of revocations in this way. */
  const told = (source: 'stream' | 'poll') =>
    eventually(
      async () => {
        for (const { proxy } of pairs) {
          const metrics = await scrape(proxy.address('http'));
          assert.equal(metrics.sum('ibex_proxy_auth_watches_up', `source="${source}"`), 1);
        }
        return true;
      },
      { timeoutMs: feltTimeoutMs },
    );

  for (const [index, name] of ['the first', 'the second'].entries()) {
    test(`at ${name} auth: both gateways refuse it, being told over their streams`, async () => {
      const auth = pairs[index]?.auth ?? assert.fail();
      await told('stream');
      const { id, token } = await issue(auth);
      await becomes(token, '200');
      await manage(auth, 'DELETE', `/tokens/${id}`);
      await becomes(token, '401 token_revoked');
    });
  }

  test('without streams: both gateways refuse it, asking for themselves', async () => {
    const [near] = pairs;
    assert.ok(near !== undefined);
    for (const { relay } of pairs) relay.cutStreams();
    try {
      await told('poll');
      const { id, token } = await issue(near.auth);
      await becomes(token, '200');
      await manage(near.auth, 'DELETE', `/tokens/${id}`);
      await becomes(token, '401 token_revoked');
    } finally {
      for (const { relay } of pairs) relay.mendStreams();
    }
  });

  test('while a gateway is cut off from auth: it refuses the token once it can hear again', async () => {
    const [near, far] = pairs;
    assert.ok(near !== undefined && far !== undefined);
    await told('stream');
    const { id, token } = await issue(near.auth);
    await becomes(token, '200');
    far.link.cut();
    await manage(near.auth, 'DELETE', `/tokens/${id}`);
    await eventually(async () => (await chat(near, token)) === '401 token_revoked' || undefined, {
      timeoutMs: feltTimeoutMs,
    });
    far.link.mend();
    await becomes(token, '401 token_revoked');
  });
});
