import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../support/postgres.ts';
import { skipWithout } from '../support/programs.ts';
import { type Answer, errorsOf } from './harness/answer.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';

const echo = { model: 'echo' };
/** How soon what came back must be noticed: gRPC waits between attempts to connect. */
const backTimeoutMs = 40_000;

function isUnavailable(answer: Answer): void {
  assert.equal(answer.status, 503, answer.body);
  assert.deepEqual(
    errorsOf(answer).map(({ code }) => code),
    ['auth_unavailable'],
  );
  assert.match(String(answer.headers['retry-after']), /^\d+$/);
  assert.equal(answer.headers['x-should-retry'], 'true');
}

/** Whatever stands between the gateway and its verdicts, with the way to break and to mend it. */
interface Outage {
  readonly name: string;
  readonly begin: (gateway: Gateway, postgres: PostgresServer) => unknown;
  readonly end: (gateway: Gateway, postgres: PostgresServer) => unknown;
}

const outages: readonly Outage[] = [
  {
    name: 'auth answers later than it is waited for',
    begin: ({ authLink }) => {
      authLink.delayMs = 3_000;
    },
    end: ({ authLink }) => {
      authLink.delayMs = 0;
    },
  },
  {
    name: 'auth hangs',
    begin: ({ auth }) => auth.freeze(),
    end: ({ auth }) => auth.thaw(),
  },
  {
    name: 'auth cannot be reached',
    begin: ({ authLink }) => authLink.cut(),
    end: ({ authLink }) => authLink.mend(),
  },
  {
    name: 'Postgres behind auth is down',
    begin: (_gateway, postgres) => postgres.stop(),
    end: (_gateway, postgres) => postgres.start(),
  },
];

describe('what the gateway knows its callers by', { skip: skipWithout(...postgresPrograms) }, () => {
  let gateway: Gateway;
  let postgres: PostgresServer;

  before(async () => {
    postgres = await startPostgres();
    const password = 'a-password-of-postgres';
    const url = new URL(await postgres.createDatabase());
    url.password = password;
    gateway = await startGateway({
      authEnvironment: { DATABASE_URL: url.href, IBEX_AUTH_ADMIN_REQUESTS_PER_MINUTE: '0' },
      secrets: [password],
    });
  });
  after(async () => {
    await gateway?.stop();
    await postgres?.dispose();
  });

  test('auth is slow, within its time: the answer is late and right', async () => {
    const token = await gateway.issueToken();
    gateway.authLink.delayMs = 150;
    assert.equal((await gateway.chat(echo, { token })).status, 200);
    gateway.authLink.delayMs = 0;
  });

  for (const { name, begin, end } of outages) {
    test(`${name}: a 503 that says so, for known callers once their verdict is old, and service when it is over`, async () => {
      await eventually(async () => (await gateway.chat(echo)).status === 200 || undefined, {
        timeoutMs: backTimeoutMs,
      });
      const strangers = await Promise.all(Array.from({ length: 10 }, gateway.issueToken));
      await begin(gateway, postgres);
      try {
        let asked = 0;
        await gateway.leavesNothing(async () => {
          isUnavailable(await gateway.chat(echo, { token: strangers[asked++] ?? '' }));
        });
        // Nobody is told of revocations: what was known is trusted for a second and no longer.
        isUnavailable(
          await eventually(async () => {
            const answer = await gateway.chat(echo);
            return answer.status === 200 ? undefined : answer;
          }),
        );
        assert.equal((await gateway.send('/healthz')).status, 200);
        await eventually(async () => (await gateway.send('/readyz')).status === 503 || undefined);
      } finally {
        await end(gateway, postgres);
      }
      const allServed = async () => {
        const answers = await Promise.all(strangers.map((token) => gateway.chat(echo, { token })));
        return answers.every(({ status }) => status === 200) || undefined;
      };
      await eventually(allServed, {
        timeoutMs: backTimeoutMs,
        intervalMs: 200,
        what: 'strangers known again',
      });
      await eventually(async () => (await gateway.send('/readyz')).status === 200 || undefined, {
        timeoutMs: backTimeoutMs,
      });
    });
  }
});
