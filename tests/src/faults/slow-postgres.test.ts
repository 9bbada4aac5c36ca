import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../support/postgres.ts';
import { skipWithout } from '../support/programs.ts';
import { type Answer, errorsOf } from './harness/answer.ts';
import { send } from './harness/client.ts';
import { openFiles, scrape } from './harness/footprint.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';
import { type Link, startLink } from './harness/link.ts';

const echo = { model: 'echo' };
const password = 'a-password-of-postgres';
/** Statements that got no answer have to end, and gRPC waits between attempts to connect. */
const backTimeoutMs = 60_000;
/** More than one wait for a connection and one for an answer, of 2 s each, and less than anybody likes to wait. */
const adminPatienceMs = 6_000;
/** Connections of the pool, and the one that listens. */
const maximumConnections = 4;

const slownesses = [
  { name: 'Postgres takes seconds for each answer', delayMs: 3_000 },
  { name: 'Postgres holds its connections and answers nothing', delayMs: Number.POSITIVE_INFINITY },
] as const;

function isUnavailable(answer: Answer): void {
  assert.equal(answer.status, 503, answer.body);
  assert.deepEqual(
    errorsOf(answer).map(({ code }) => code),
    ['auth_unavailable'],
  );
  assert.match(String(answer.headers['retry-after']), /^\d+$/);
}

describe('Postgres behind auth is slow', { skip: skipWithout(...postgresPrograms) }, () => {
  let gateway: Gateway;
  let postgres: PostgresServer;
  let link: Link;

  before(async () => {
    postgres = await startPostgres();
    const url = new URL(await postgres.createDatabase());
    link = await startLink(url.host);
    url.host = link.address;
    url.password = password;
    gateway = await startGateway({
      authEnvironment: {
        DATABASE_URL: url.href,
        IBEX_AUTH_DATABASE_CONNECTIONS: String(maximumConnections),
        IBEX_AUTH_ADMIN_REQUESTS_PER_MINUTE: '0',
      },
      secrets: [password],
    });
  });
  after(async () => {
    await gateway?.stop();
    await link?.close();
    await postgres?.dispose();
  });

  const authUrl = () => gateway.auth.address('http');
  const becomes = (url: string, status: number) =>
    eventually(async () => (await send(url)).status === status || undefined, {
      timeoutMs: backTimeoutMs,
      what: `${url} answering ${status}`,
    });
  const askAdmin = async (method: string, path: string, body?: object) => {
    const headers = { authorization: `Bearer ${gateway.adminToken}`, 'content-type': 'application/json' };
    const options = { method, headers, timeoutMs: adminPatienceMs };
    const sent = body === undefined ? options : { ...options, body: JSON.stringify(body) };
    const answer = await send(`${authUrl()}${path}`, sent);
    assert.ok(!answer.body.includes(password));
    return answer;
  };
  /** No statement under way, and no more connections than the pool may have. */
  const assertCalm = async (filesBefore: number) => {
    await eventually(
      async () => {
        const metrics = await scrape(authUrl());
        assert.equal(metrics.sum('ibex_db_pool_open_connections', 'state="in_use"'), 0);
        assert.ok(metrics.sum('ibex_db_pool_open_connections') <= maximumConnections);
        const files = openFiles(gateway.auth.pid);
        // Connections of the pool that were not open before may be now.
        assert.ok(files <= filesBefore + maximumConnections, `${files} open files, ${filesBefore} before`);
        return true;
      },
      { timeoutMs: backTimeoutMs },
    );
  };

  test('within its time: the answer is late and right', async () => {
    const token = await gateway.issueToken();
    link.delayMs = 50;
    assert.equal((await gateway.chat(echo, { token })).status, 200);
    link.delayMs = 0;
  });

  for (const { name, delayMs } of slownesses) {
    test(`${name}: a 503 with its request, for known callers once their verdict is old; service when it is over`, async () => {
      await eventually(async () => (await gateway.chat(echo)).status === 200 || undefined, {
        timeoutMs: backTimeoutMs,
      });
      const strangers = await Promise.all(Array.from({ length: 10 }, gateway.issueToken));
      const filesBefore = openFiles(gateway.auth.pid);
      link.delayMs = delayMs;
      try {
        let asked = 0;
        await gateway.leavesNothing(async () => {
          isUnavailable(await gateway.chat(echo, { token: strangers[asked++] ?? '' }));
        });
        isUnavailable(
          await eventually(async () => {
            const answer = await gateway.chat(echo);
            return answer.status === 200 ? undefined : answer;
          }),
        );
        await becomes(`${authUrl()}/readyz`, 503);
        await becomes(`${gateway.url}/readyz`, 503);
        for (const url of [authUrl(), gateway.url]) assert.equal((await send(`${url}/healthz`)).status, 200);
      } finally {
        link.delayMs = 0;
      }
      await eventually(
        async () => {
          const answers = await Promise.all(strangers.map((token) => gateway.chat(echo, { token })));
          return answers.every(({ status }) => status === 200) || undefined;
        },
        { timeoutMs: backTimeoutMs, intervalMs: 200, what: 'strangers known again' },
      );
      for (const url of [authUrl(), gateway.url]) await becomes(`${url}/readyz`, 200);
      await assertCalm(filesBefore);
    });
  }

  test('the admin API answers 503 soon, and changes nothing', async () => {
    const listed = async () => (await askAdmin('GET', '/v1/tokens')).body;
    const before = await listed();
    link.delayMs = Number.POSITIVE_INFINITY;
    try {
      const answers = await Promise.all([
        askAdmin('POST', '/v1/tokens', { name: 'never issued', role: 'member' }),
        askAdmin('GET', '/v1/tokens'),
      ]);
      for (const answer of answers) {
        assert.equal(answer.status, 503, answer.body);
        const { error } = JSON.parse(answer.body) as { error: { code: string; requestId: string } };
        assert.equal(error.code, 'database_unavailable');
        assert.equal(error.requestId, answer.headers['x-request-id']);
      }
    } finally {
      link.delayMs = 0;
    }
    await eventually(async () => (await askAdmin('GET', '/v1/tokens')).status === 200 || undefined, {
      timeoutMs: backTimeoutMs,
    });
    const lastUsed = /"lastUsedAtUnixMs":(?:\d+|null)/g;
    assert.equal((await listed()).replaceAll(lastUsed, ''), before.replaceAll(lastUsed, ''));
  });
});
