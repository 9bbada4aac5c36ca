import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startGateway, type TestGateway, until } from '../testing/gateway.ts';
import {
  answerJson,
  type Behaviour,
  doneLine,
  recordedChunks,
  recordedCompletion,
  startEvents,
  startUpstream,
  type TestUpstream,
  wire,
} from '../testing/upstream.ts';

const chat = { model: 'smart', messages: [{ role: 'user', content: 'hi' }] };
const busy = (headers: Record<string, string> = {}) =>
  answerJson(503, { error: { message: 'busy' } }, headers);

interface House {
  readonly gateway: TestGateway;
  readonly one: TestUpstream;
  readonly two: TestUpstream;
  readonly attempts: (provider: string, kind: string, result: string) => Promise<number | undefined>;
}

/** A gateway with the route `smart` to two upstreams. */
async function start(context: TestContext, route: Record<string, unknown>): Promise<House> {
  const [one, two] = [await startUpstream(context), await startUpstream(context)];
  const provider = (name: string, upstream: TestUpstream) => ({
    name,
    type: 'openai',
    base_url: upstream.baseUrl,
    models: [`${name}-model`],
  });
  const gateway = await startGateway(context, {
    config: {
      // What they are sent of the trace is looked at.
      observability: { boundaries: { trusted_hosts: ['127.0.0.1'] } },
      providers: [provider('one', one), provider('two', two)],
      routes: [{ model: 'smart', targets: [{ provider: 'one', model: 'one-model' }], ...route }],
    },
  });
  const attempts = (name: string, kind: string, result: string) =>
    gateway.metric(
      `ibex_proxy_provider_attempts_total{provider="${name}",kind="${kind}",result="${result}"}`,
    );
  return { gateway, one, two, attempts };
}

/** Fails the first times, then does as recorded. */
function failFirst(upstream: TestUpstream, times: number, failure: Behaviour): void {
  const recorded = upstream.behave;
  let left = times;
  upstream.behave = (response, call) => (left-- > 0 ? failure(response, call) : recorded(response, call));
}

test('asks the model by its name at the provider, and lists the route as a model', async (context) => {
  const { gateway, one } = await start(context, {});
  const response = await gateway.post(chat);
  assert.equal(response.status, 200);
  assert.equal(one.calls[0]?.body.model, 'one-model');
  const list = await fetch(`${gateway.url}/v1/models/smart`, { headers: { authorization: 'Bearer good' } });
  assert.equal(((await list.json()) as { owned_by: string }).owned_by, 'one');
  const labels = 'provider="one",model="one-model"';
  assert.equal(await gateway.metric(`provider_tokens_total{${labels},type="input"}`), 9);
});

test('a prefix serves every model that begins so, the longest first', async (context) => {
  const [one, two] = [await startUpstream(context), await startUpstream(context)];
  const gateway = await startGateway(context, {
    config: {
      providers: [
        { name: 'one', type: 'openai', base_url: one.baseUrl, models: ['x'] },
        { name: 'two', type: 'openai', base_url: two.baseUrl, models: ['y'] },
      ],
      routes: [
        { model: 'acme-*', targets: [{ provider: 'one' }] },
        { model: 'acme-large-*', targets: [{ provider: 'two' }] },
      ],
    },
  });
  await gateway.post({ ...chat, model: 'acme-small' });
  await gateway.post({ ...chat, model: 'acme-large-2' });
  assert.deepEqual([one.calls[0]?.body.model, two.calls[0]?.body.model], ['acme-small', 'acme-large-2']);
});

test('tries again after a failure, each attempt with a span and a traceparent of its own', async (context) => {
  const { gateway, one, attempts } = await start(context, { retries: { max: 2, backoff_ms: 1 } });
  for (const stream of [false, true]) {
    failFirst(one, 1, busy());
    const response = await gateway.post({ ...chat, stream });
    assert.equal(response.status, 200, await response.text());
  }
  assert.equal(await attempts('one', 'first', 'error'), 2);
  assert.equal(await attempts('one', 'retry', 'ok'), 2);
  const spans = await gateway.spans();
  const whole = spans.find(({ name }) => name === 'provider.generate');
  const tries = spans.filter(
    (span) => span.name === 'provider.attempt' && span.parentSpanId === whole?.spanId,
  );
  assert.deepEqual(
    tries.map(({ attributes }) => attributes['ibex.attempt_kind']),
    ['first', 'retry'],
  );
  assert.equal(tries[0]?.status, 'error');
  assert.equal(tries[1]?.status, 'unset');
  const parents = one.calls.slice(0, 2).map(({ headers }) => headers.traceparent);
  assert.notEqual(parents[0], parents[1]);
});

test('when its attempts are spent, it says that trying again will not help', async (context) => {
  const { gateway, one } = await start(context, { retries: { max: 2, backoff_ms: 1 } });
  one.behave = busy({ 'retry-after': '0' });
  const response = await gateway.post(chat);
  assert.equal(response.status, 503);
  assert.equal(response.headers.get('x-should-retry'), 'false');
  assert.equal(one.calls.length, 3);
  assert.equal(
    await gateway.metric(
      'provider_requests_total{provider="one",model="one-model",operation="generate",status="error"}',
    ),
    1,
    'one call, however many attempts',
  );
});

test('does not try again what the client got wrong, nor what asks for too long a wait', async (context) => {
  const { gateway, one } = await start(context, {
    retries: { max: 2, backoff_ms: 1, max_retry_after_ms: 50 },
  });
  one.behave = answerJson(400, { error: { message: 'too long' } });
  assert.equal((await gateway.post(chat)).status, 400);
  assert.equal(one.calls.length, 1);
  one.behave = answerJson(429, { error: { message: 'slow down' } }, { 'retry-after': '60' });
  const response = await gateway.post(chat);
  assert.equal(response.headers.get('retry-after'), '60');
  assert.equal(response.headers.get('x-should-retry'), null);
  assert.equal(one.calls.length, 2);
});

test('falls back to the next target, also when a stream fails before its first event', async (context) => {
  const { gateway, one, two, attempts } = await start(context, {
    fallbacks: [{ provider: 'two', model: 'two-model' }],
  });
  one.behave = busy();
  assert.equal((await gateway.post(chat)).status, 200);
  one.behave = (response) => {
    startEvents(response);
    response.end(`data: {"error":{"message":"overloaded"}}\n\n`);
  };
  const text = await (await gateway.post({ ...chat, stream: true })).text();
  assert.equal(text, wire(recordedChunks.slice(0, -1)) + doneLine);
  assert.equal(two.calls.length, 2);
  assert.equal(await attempts('two', 'fallback', 'ok'), 2);
  const line = gateway.destination.lines.at(-1);
  assert.deepEqual([line?.provider, line?.model], ['two', 'smart']);
});

test('never tries again once something was sent to the client', async (context) => {
  const { gateway, one, two } = await start(context, {
    retries: { max: 2, backoff_ms: 1 },
    fallbacks: [{ provider: 'two', model: 'two-model' }],
  });
  one.behave = (response) => {
    startEvents(response);
    response.write(wire(recordedChunks.slice(0, 2)), () => response.destroy());
  };
  const text = await (await gateway.post({ ...chat, stream: true })).text();
  assert.match(text, /upstream_reset/);
  assert.equal(one.calls.length + two.calls.length, 1);
});

test('a time-out of one attempt leaves time for another', async (context) => {
  const { gateway, one, attempts } = await start(context, {
    retries: { max: 1, backoff_ms: 1 },
    timeouts: { attempt_ms: 150 },
  });
  failFirst(one, 1, () => undefined);
  assert.equal((await gateway.post(chat)).status, 200);
  await one.calls[0]?.cut;
  assert.equal(await attempts('one', 'first', 'timeout'), 1);
});

test('the limit of the route ends all attempts', async (context) => {
  const { gateway, one } = await start(context, {
    retries: { max: 5, backoff_ms: 1 },
    timeouts: { attempt_ms: 100, total_ms: 250 },
  });
  one.behave = () => undefined;
  const response = await gateway.post(chat);
  assert.equal(response.status, 504);
  assert.match(await response.text(), /upstream_total_timeout/);
  assert.ok(one.calls.length >= 2 && one.calls.length <= 4, `${one.calls.length}`);
});

test('a circuit opens after failures in a row, is not asked, and closes again', async (context) => {
  const { gateway, one } = await start(context, { circuit: { failures: 2, open_ms: 300 } });
  const state = (name: string) =>
    gateway.metric(`ibex_proxy_provider_circuit_state{provider="one",model="one-model",state="${name}"}`);
  const recorded = one.behave;
  one.behave = busy();
  await gateway.post(chat);
  assert.equal(await state('closed'), 1);
  await gateway.post(chat);
  assert.equal(await state('open'), 1);
  const refused = await gateway.post(chat);
  assert.equal(refused.status, 503);
  assert.match(await refused.text(), /upstream_circuit_open/);
  assert.equal(refused.headers.get('retry-after'), '1');
  assert.equal(one.calls.length, 2);
  assert.ok(
    gateway.destination.lines.some(({ msg, level }) => level === 'WARN' && /circuit/.test(String(msg))),
  );
  one.behave = recorded;
  await until(async () => (await gateway.post(chat)).status === 200);
  assert.equal(await state('closed'), 1);
  assert.equal(await state('open'), 0);
});

test('hedges: a second attempt begins when the first is slow, the first to answer wins', async (context) => {
  const { gateway, one, two, attempts } = await start(context, {
    targets: [
      { provider: 'one', model: 'one-model', weight: 1 },
      { provider: 'two', model: 'two-model', weight: 0 },
    ],
    hedge: { after_ms: 50 },
  });
  one.behave = () => undefined;
  assert.deepEqual(await (await gateway.post(chat)).json(), recordedCompletion);
  await one.calls[0]?.cut;
  const text = await (await gateway.post({ ...chat, stream: true })).text();
  assert.equal(text, wire(recordedChunks.slice(0, -1)) + doneLine);
  assert.equal(await attempts('one', 'first', 'lost'), 2);
  assert.equal(await attempts('two', 'hedge', 'ok'), 2);
  assert.equal(two.calls.length, 2);
  assert.equal(
    await gateway.metric('provider_tokens_total{provider="two",model="two-model",type="input"}'),
    18,
  );
});

test('a hedge that is not needed is not made', async (context) => {
  const { gateway, one, two } = await start(context, {
    targets: [{ provider: 'one', model: 'one-model' }],
    hedge: { after_ms: 5_000 },
  });
  assert.equal((await gateway.post(chat)).status, 200);
  assert.equal(one.calls.length + two.calls.length, 1);
});

test('a client that leaves ends a wait between attempts', async (context) => {
  const { gateway, one } = await start(context, {
    retries: { max: 1, backoff_ms: 60_000, max_backoff_ms: 60_000 },
  });
  one.behave = busy();
  const controller = new AbortController();
  const request = gateway.post(chat, { signal: controller.signal });
  await until(() => one.calls.length === 1);
  controller.abort();
  await assert.rejects(request);
  await until(() => gateway.destination.lines.some((line) => line.status === 499));
  assert.equal(one.calls.length, 1);
});
