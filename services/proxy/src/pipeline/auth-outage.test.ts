import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goodToken, startAuthServer } from '../testing/auth-server.ts';
import { startGateway, until } from '../testing/gateway.ts';

const environment = { IBEX_PROXY_AUTH_TIMEOUT_MS: '300' };

test('without the auth service unknown tokens get a clear 503, known ones go on, and it comes back by itself', async (context) => {
  const gateway = await startGateway(context, { environment });
  gateway.auth.tokens.set('other', goodToken({ orgId: 'org-2' }));
  assert.equal((await gateway.echo('hi')).status, 200);
  gateway.auth.stop();

  assert.equal((await gateway.echo('hi')).status, 200, 'its verdict may still be trusted');
  const refused = await gateway.post({}, { headers: { authorization: 'Bearer other' } });
  assert.equal(refused.status, 503);
  assert.equal(refused.headers.get('retry-after'), '2');
  assert.equal(refused.headers.get('x-should-retry'), 'true');
  const { error } = (await refused.json()) as { error: { code: string; message: string } };
  assert.equal(error.code, 'auth_unavailable');
  assert.match(error.message, /auth service does not answer/);
  assert.equal((await fetch(`${gateway.url}/readyz`)).status, 503);
  assert.equal((await fetch(`${gateway.url}/healthz`)).status, 200);

  const revived = await startAuthServer(Number(gateway.auth.address.split(':')[1]));
  context.after(() => revived.stop());
  revived.tokens.set('other', goodToken({ orgId: 'org-2' }));
  const models = () => fetch(`${gateway.url}/v1/models`, { headers: { authorization: 'Bearer other' } });
  await until(async () => (await models()).status === 200);
  await until(async () => (await fetch(`${gateway.url}/readyz`)).status === 200);
  const outages = gateway.destination.lines.filter(({ msg }) => msg === 'auth service unreachable');
  assert.ok(
    outages.length >= 1 && outages.length <= 2,
    'an outage is reported, not repeated with every request',
  );
});

test('many requests of a new token ask the auth service once, and carry trace and request id along', async (context) => {
  const gateway = await startGateway(context);
  const responses = await Promise.all(Array.from({ length: 20 }, () => gateway.echo('hi')));
  assert.ok(responses.every(({ status }) => status === 200));
  assert.deepEqual(gateway.auth.asked, ['good']);
  const lookups = (result: string) =>
    gateway.metric(`ibex_proxy_auth_cache_lookups_total{result="${result}"}`);
  assert.equal(await lookups('miss'), 1);
  assert.equal(((await lookups('coalesced')) ?? 0) + ((await lookups('hit')) ?? 0), 19);
  const [metadata] = gateway.auth.metadata;
  const requestIds = responses.map(({ headers }) => headers.get('x-request-id'));
  assert.ok(requestIds.includes(String(metadata?.['x-request-id'])));
  assert.match(String(metadata?.traceparent), /^00-[0-9a-f]{32}-[0-9a-f]{16}-03$/);
});

test('refusals are remembered for a moment, verdicts that must not be kept are not', async (context) => {
  const gateway = await startGateway(context);
  gateway.auth.tokens.set('fleeting', goodToken({ cacheTtlMs: 0 }));
  gateway.auth.tokens.set('ending', goodToken({ expiresAtUnixMs: Date.now() - 1 }));
  for (const token of ['nobody', 'nobody', 'fleeting', 'fleeting', 'ending', 'ending']) {
    await gateway.post({}, { headers: { authorization: `Bearer ${token}` } });
  }
  assert.deepEqual(gateway.auth.asked, ['nobody', 'fleeting', 'fleeting', 'ending', 'ending']);
  assert.equal(await gateway.metric('ibex_proxy_auth_cache_lookups_total{result="negative"}'), 1);
});
