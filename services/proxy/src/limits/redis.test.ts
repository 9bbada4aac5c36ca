import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type TestContext, test } from 'node:test';
import { skipWithout } from '../../../../tests/src/support/programs.ts';
import { goodToken } from '../testing/auth-server.ts';
import { startGateway, type TestGateway, until } from '../testing/gateway.ts';
import { freePort, startRedis } from '../testing/redis.ts';
import { answerJson, recordedCompletion, startUpstream, upstreamConfig } from '../testing/upstream.ts';

const needsRedis = { skip: skipWithout('redis-server') };

async function gatewayWith(
  context: TestContext,
  options: { port: number; timeoutMs?: number; config?: Record<string, unknown> },
): Promise<TestGateway> {
  const { port, timeoutMs = 100, config = {} } = options;
  const environment = {
    REDIS_URL: `redis://:@127.0.0.1:${port}`,
    IBEX_PROXY_REDIS_TIMEOUT_MS: String(timeoutMs),
    IBEX_PROXY_REQUESTS_PER_MINUTE: '5',
  };
  return startGateway(context, { environment, config });
}

const messageIs = (message: string) => (line: Record<string, unknown>) => line.msg === message;
const failsOpen = messageIs('rate limit fails open: requests are not counted');

async function untilConnected(gateway: TestGateway): Promise<void> {
  await until(() => gateway.destination.lines.some(messageIs('redis connected')));
}

test('two gateways count together in redis', needsRedis, async (context) => {
  const port = await freePort();
  await startRedis(context, port);
  const gateways = [
    await gatewayWith(context, { port, timeoutMs: 10_000 }),
    await gatewayWith(context, { port, timeoutMs: 10_000 }),
  ];
  for (const gateway of gateways) await untilConnected(gateway);
  const statuses: number[] = [];
  for (let index = 0; index < 6; index += 1) {
    statuses.push((await gateways[index % 2]?.echo('hi'))?.status ?? 0);
  }
  assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429]);
});

test('two gateways share the places of a token, and the tokens it has left', needsRedis, async (context) => {
  const port = await freePort();
  await startRedis(context, port);
  const upstream = await startUpstream(context);
  const limits = { requestsPerMinute: 0, tokensPerMinute: 1000, concurrentRequests: 1 };
  const tokenLimits = { ...limits, monthlyTokenBudget: 0, monthlyCostBudgetMicros: 0 };
  const config = upstreamConfig(upstream);
  const one = await gatewayWith(context, { port, timeoutMs: 10_000, config });
  const other = await gatewayWith(context, { port, timeoutMs: 10_000, config });
  for (const gateway of [one, other]) {
    gateway.auth.tokens.set('good', goodToken({ tokenLimits }));
    await untilConnected(gateway);
  }
  const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }], max_tokens: 600 };
  upstream.behave = () => undefined;
  const leaving = new AbortController();
  const hanging = one.post(ask, { signal: leaving.signal }).catch(() => undefined);
  await until(() => upstream.calls.length === 1);
  assert.match(await (await other.post(ask)).text(), /may use 1000 tokens per minute, 6\d\d are counted/);
  assert.match(await (await other.post({ ...ask, max_tokens: 1 })).text(), /1 requests under way/);
  leaving.abort();
  await hanging;
  upstream.behave = answerJson(200, recordedCompletion);
  await until(async () => (await other.post(ask)).status === 200);
});

test(
  'requests pass while redis is away, killed or hanging, with one warning, and are counted again after',
  needsRedis,
  async (context) => {
    const port = await freePort();
    const redis = await startRedis(context, port);
    const gateway = await gatewayWith(context, { port });
    await untilConnected(gateway);
    assert.equal((await gateway.echo('hi')).headers.get('x-ratelimit-remaining-requests'), '4');

    redis.kill('SIGSTOP');
    for (let index = 0; index < 8; index += 1) assert.equal((await gateway.echo('hi')).status, 200);
    redis.kill('SIGKILL');
    await once(redis, 'exit');
    for (let index = 0; index < 8; index += 1) {
      const response = await gateway.echo('hi');
      assert.equal(response.status, 200);
      assert.equal(response.headers.get('x-ratelimit-limit-requests'), null);
    }
    assert.equal(await gateway.metric('ibex_proxy_rate_limit_redis_errors_total'), 16);
    assert.equal(gateway.destination.lines.filter(failsOpen).length, 1);
    const ready = await fetch(`${gateway.url}/readyz`);
    assert.equal(ready.status, 200);
    assert.match(await ready.text(), /degraded: redis/);

    await startRedis(context, port);
    await until(async () => (await gateway.echo('hi')).headers.has('x-ratelimit-limit-requests'));
    assert.ok(gateway.destination.lines.some(messageIs('rate limit counts again')));
  },
);

test('a gateway starts without redis', async (context) => {
  const gateway = await gatewayWith(context, { port: await freePort() });
  assert.equal((await gateway.echo('hi')).status, 200);
  assert.equal(gateway.destination.lines.filter(failsOpen)[0]?.level, 'WARN');
});
