import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goodToken } from '../testing/auth-server.ts';
import { startGateway, type TestGateway, until } from '../testing/gateway.ts';
import { startUpstream, upstreamConfig } from '../testing/upstream.ts';

const none = {
  requestsPerMinute: 0,
  tokensPerMinute: 0,
  concurrentRequests: 0,
  monthlyTokenBudget: 0,
  monthlyCostBudgetMicros: 0,
};
// The recorded answer has 9 tokens in and 7 out.
const ask = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] };

async function start(context: Parameters<typeof startGateway>[0]) {
  const upstream = await startUpstream(context);
  const prices = { 'gpt-4o-mini': { input: 1000, output: 2000 } };
  return startGateway(context, { config: { ...upstreamConfig(upstream), prices } });
}

async function statuses(gateway: TestGateway, count: number): Promise<number[]> {
  const all: number[] = [];
  for (let index = 0; index < count; index += 1) all.push((await gateway.post(ask)).status);
  return all;
}

test('every call becomes one record, with its cost', async (context) => {
  const gateway = await start(context);
  const answer = await gateway.post(ask);
  await until(() => gateway.auth.usage.records.length === 1);
  const [record] = gateway.auth.usage.records;
  const { recordId, endedAtUnixMs, durationMs, gateway: name, ...rest } = record ?? assert.fail();
  assert.match(recordId, /^[0-9a-f-]{36}$/);
  assert.ok(Math.abs(endedAtUnixMs - Date.now()) < 60_000 && durationMs >= 0);
  assert.equal(name, gateway.telemetry.resource['service.instance.id']);
  assert.deepEqual(rest, {
    requestId: answer.headers.get('x-request-id'),
    orgId: 'org-1',
    userId: 'user-1',
    tokenId: 'token-1',
    agentId: '',
    provider: 'acme',
    model: 'gpt-4o-mini',
    dialect: 'chat',
    outcome: 'completed',
    status: 'ok',
    inputTokens: 9,
    outputTokens: 7,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    usageSource: 'provider',
    costUsdMicros: 9 * 1000 + 7 * 2000,
  });
});

test('a token budget holds for what is in the ledger and what is not there yet', async (context) => {
  const gateway = await start(context);
  gateway.auth.tokens.set('good', goodToken({ tokenLimits: { ...none, monthlyTokenBudget: 100 } }));
  gateway.auth.usage.others = { tokens: 70, costUsdMicros: 0 };
  assert.deepEqual(await statuses(gateway, 3), [200, 200, 429]);
  const refused = await gateway.post(ask);
  assert.equal(refused.headers.get('x-should-retry'), 'false');
  const { error } = (await refused.json()) as { error: { type: string; code: string; message: string } };
  assert.deepEqual([error.type, error.code], ['insufficient_quota', 'insufficient_quota']);
  assert.match(
    error.message,
    /^Your token token-1 has spent its budget of 100 tokens for \d{4}-\d\d \(UTC\): 102 tokens are used\./,
  );
  const series = 'ibex_proxy_limit_refusals_total{scope="token",limit="token_budget"}';
  assert.equal(await gateway.metric(series), 2);
});

test('a cost budget is in money', async (context) => {
  const gateway = await start(context);
  const budget = { ...none, monthlyCostBudgetMicros: 40_000 };
  gateway.auth.tokens.set('good', goodToken({ organisationLimits: budget }));
  assert.deepEqual(await statuses(gateway, 3), [200, 200, 429]);
  const { error } = (await (await gateway.post(ask)).json()) as { error: { message: string } };
  assert.match(error.message, /^Your organisation org-1 has spent its budget of \$0\.04/);
});

test('where the ledger cannot be read, budgets fail open, and say so', async (context) => {
  const gateway = await start(context);
  gateway.auth.usage.down = true;
  gateway.auth.tokens.set('good', goodToken({ tokenLimits: { ...none, monthlyTokenBudget: 20 } }));
  // What this gateway has used itself, it knows.
  assert.deepEqual(await statuses(gateway, 3), [200, 200, 429]);
  assert.ok(Number(await gateway.metric('ibex_proxy_budget_reads_failed_total')) >= 1);
  assert.ok(
    gateway.destination.lines.some(({ msg }) => msg === 'budgets fail open: the ledger cannot be read'),
  );
  gateway.auth.usage.down = false;
  await until(() => gateway.auth.usage.records.length === 2);
});
