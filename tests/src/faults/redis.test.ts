import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { skipWithout } from '../support/programs.ts';
import { type RedisServer, redisPrograms, startRedis } from '../support/redis.ts';
import { type Gateway, startGateway } from './harness/gateway.ts';
import { type Link, startLink } from './harness/link.ts';

const echo = { model: 'echo' };
const remaining = 'x-ratelimit-remaining-requests';

describe('Redis, where requests are counted', { skip: skipWithout(...redisPrograms) }, () => {
  let gateway: Gateway;
  let redis: RedisServer;
  let link: Link;

  before(async () => {
    redis = await startRedis();
    const url = new URL(redis.url);
    link = await startLink(url.host);
    url.host = link.address;
    gateway = await startGateway({
      environment: { REDIS_URL: url.href, IBEX_PROXY_REDIS_TIMEOUT_MS: '300' },
      secrets: [redis.password],
    });
  });
  after(async () => {
    await gateway?.stop();
    await link?.close();
    await redis?.dispose();
  });

  const counts = async () => {
    const answer = await gateway.chat(echo);
    assert.equal(answer.status, 200);
    return answer.headers[remaining] !== undefined || undefined;
  };
  const warnings = () =>
    gateway.proxy
      .lines()
      .filter(({ level, dependency }) => level === 'WARN' && dependency === 'redis')
      .map(({ msg }) => msg);
  const isDegraded = async () => {
    const { status, body } = await gateway.send('/readyz');
    assert.equal(status, 200, 'requests pass without Redis');
    return body.includes('degraded: redis');
  };

  const outages = [
    { name: 'is gone', begin: () => redis.stop(), end: () => redis.start() },
    {
      name: 'hangs',
      begin: () => {
        link.delayMs = Number.POSITIVE_INFINITY;
      },
      end: () => {
        link.delayMs = 0;
        // What was held back is lost: the connection is of no use any more.
        link.cut();
        link.mend();
      },
    },
  ] as const;

  for (const { name, begin, end } of outages) {
    test(`${name}: requests pass uncounted, one warning, and it counts again when it is back`, async () => {
      await eventually(counts, { timeoutMs: 30_000, what: 'requests counted' });
      const errors = (await gateway.metrics()).sum('ibex_proxy_rate_limit_redis_errors_total');
      await begin();
      try {
        await gateway.leavesNothing(async () => {
          assert.equal((await gateway.chat(echo)).status, 200);
        });
        assert.ok((await gateway.metrics()).sum('ibex_proxy_rate_limit_redis_errors_total') > errors);
        assert.ok(await isDegraded());
      } finally {
        await end();
      }
      await eventually(counts, { timeoutMs: 30_000, intervalMs: 100, what: 'requests counted again' });
      assert.equal(await isDegraded(), false);
      assert.deepEqual(warnings(), [...new Set(warnings())], 'each is said once a minute');
    });
  }
});
