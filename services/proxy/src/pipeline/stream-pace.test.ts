import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { startGateway, until } from '../testing/gateway.ts';
import {
  type Behaviour,
  doneLine,
  recordedChunks,
  startEvents,
  startUpstream,
  upstreamConfig,
  wire,
} from '../testing/upstream.ts';

const chat = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }], stream: true };

async function start(context: TestContext, streaming: Record<string, unknown> = {}) {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: { ...upstreamConfig(upstream), streaming } });
  return { gateway, upstream };
}

/** The first half of the recorded answer, a silence, the other half. */
function withSilence(silenceMs: number): Behaviour {
  return async (response) => {
    startEvents(response);
    response.write(wire(recordedChunks.slice(0, 3)));
    await wait(silenceMs);
    response.end(wire(recordedChunks.slice(3)) + doneLine);
  };
}

test('sends comments while the provider is silent, and counts the stall as the provider’s', async (context) => {
  const { gateway, upstream } = await start(context, { keep_alive_ms: 40, stall_ms: 100 });
  upstream.behave = withSilence(300);
  const text = await (await gateway.post(chat)).text();
  assert.ok(text.split(': keep-alive\n\n').length > 3, text);
  assert.equal(
    text.replaceAll(': keep-alive\n\n', ''),
    wire(recordedChunks.slice(0, -1)) + doneLine,
    'nothing else is changed, and no event is cut by a comment',
  );
  const stalls = (side: string) =>
    gateway.metric(`ibex_proxy_stream_stalls_total{provider="acme",side="${side}"}`);
  assert.equal(await stalls('upstream'), 1);
  assert.equal(await stalls('client'), undefined);
  assert.ok(((await gateway.metric('ibex_proxy_stream_keep_alives_total')) ?? 0) > 2);
});

/** Lets a test say how much time has passed, so that how busy the machine is makes no difference. */
function jumpingClock(context: TestContext): (ms: number) => void {
  const now = performance.now.bind(performance);
  let ahead = 0;
  context.mock.method(performance, 'now', () => now() + ahead);
  return (ms) => {
    ahead += ms;
  };
}

test('tells a slow client from a slow provider', async (context) => {
  const jump = jumpingClock(context);
  const { gateway, upstream } = await start(context, { stall_ms: 600_000 });
  const stalls = async (side: string) =>
    (await gateway.metric(`ibex_proxy_stream_stalls_total{provider="acme",side="${side}"}`)) ?? 0;

  const silence = Promise.withResolvers<void>();
  upstream.behave = async (response) => {
    startEvents(response);
    response.write(wire(recordedChunks.slice(0, 3)));
    await silence.promise;
    response.end(wire(recordedChunks.slice(3)) + doneLine);
  };
  const late = (await gateway.post(chat)).body?.getReader();
  await late?.read();
  jump(700_000);
  silence.resolve();
  while ((await late?.read())?.done === false);
  assert.deepEqual([await stalls('upstream'), await stalls('client')], [1, 0]);

  const heldBack = Promise.withResolvers<void>();
  upstream.behave = async (response) => {
    startEvents(response);
    const long = wire(Array(100).fill(recordedChunks[1]));
    let goesOn = true;
    while (goesOn) {
      if (response.write(long)) continue;
      const drained = new Promise((resolve) => response.once('drain', resolve));
      // No client reads that takes nothing for so long: everything between is full.
      goesOn = await Promise.race([drained.then(() => true), wait(1_000, false)]);
      if (!goesOn) heldBack.resolve();
      await drained;
    }
    response.end(wire(recordedChunks.slice(-2)) + doneLine);
  };
  const unread = await gateway.post(chat);
  await heldBack.promise;
  jump(700_000);
  await unread.text();
  assert.deepEqual([await stalls('upstream'), await stalls('client')], [1, 1]);
  const waited = (side: string) =>
    gateway.metric(`ibex_proxy_stream_wait_seconds_total{provider="acme",side="${side}"}`);
  for (const side of ['upstream', 'client']) assert.ok(((await waited(side)) ?? 0) >= 700, side);
});

test('drains a stream for its usage when its client has left, where the policy says so', async (context) => {
  const { gateway, upstream } = await start(context, { on_disconnect: 'drain' });
  upstream.behave = withSilence(200);
  const controller = new AbortController();
  const response = await gateway.post(chat, { signal: controller.signal });
  await response.body?.getReader().read();
  controller.abort();
  const outcome = 'ibex_proxy_stream_outcomes_total{provider="acme",outcome="client_cancelled_drained"}';
  await until(async () => (await gateway.metric(outcome)) === 1);
  const line = gateway.destination.lines.find(({ msg }) => /after its client had left/.test(String(msg)));
  assert.deepEqual(
    [line?.outcome, line?.usage_source, line?.input_tokens, line?.output_tokens],
    ['client_cancelled_drained', 'provider', 9, 7],
  );
  const closed = gateway.destination.lines.find(({ status }) => status === 499);
  assert.equal(closed?.request_id, line?.request_id);
  assert.equal(closed?.output_tokens, undefined, 'tokens are told once');
  const span = (await gateway.spans()).find(({ name }) => name === 'provider.generate_stream');
  assert.equal(span?.attributes['ibex.stream_outcome'], 'client_cancelled_drained');
  assert.equal(span?.attributes['provider.output_tokens'], 7);
});

test('a drain is bounded in time and in bytes', async (context) => {
  for (const drain of [{ max_ms: 100 }, { max_bytes: 2_000 }]) {
    const { gateway, upstream } = await start(context, { on_disconnect: 'drain', drain });
    upstream.behave = (response) => {
      startEvents(response);
      const timer = setInterval(() => response.write(wire([recordedChunks[1]])), 5);
      response.on('close', () => clearInterval(timer));
    };
    const controller = new AbortController();
    const response = await gateway.post(chat, { signal: controller.signal });
    await response.body?.getReader().read();
    controller.abort();
    await upstream.calls[0]?.cut;
    const outcome = 'ibex_proxy_stream_outcomes_total{provider="acme",outcome="client_cancelled_aborted"}';
    await until(async () => (await gateway.metric(outcome)) === 1);
  }
});

test('estimates the tokens of a stream that was left, where that is wanted, and says so', async (context) => {
  for (const [estimate, source] of [
    [true, 'estimated'],
    [false, 'absent'],
  ] as const) {
    const { gateway, upstream } = await start(context, { estimate_usage: estimate });
    upstream.behave = (response) => {
      startEvents(response);
      response.write(wire(recordedChunks.slice(0, 5)));
    };
    const controller = new AbortController();
    const response = await gateway.post(chat, { signal: controller.signal });
    await response.body?.getReader().read();
    controller.abort();
    await until(() => gateway.destination.lines.some(({ status }) => status === 499));
    const line = gateway.destination.lines.find(({ status }) => status === 499);
    assert.equal(line?.usage_source, source);
    // "Hello", "!", " Grüße" and " 👋" are 15 characters.
    assert.equal(line?.output_tokens, estimate ? 4 : undefined);
    const usage = `ibex_proxy_call_usage_total{provider="acme",source="${source}"}`;
    assert.equal(await gateway.metric(usage), 1);
    const tokens = 'ibex_proxy_tokens_total{provider="acme",source="provider",type="output"}';
    assert.equal(await gateway.metric(tokens), undefined);
    assert.doesNotMatch(gateway.telemetry.metrics.exposition(), /\ngen_ai_client_token_usage_count/);
  }
});

test('what the provider counted is never replaced by an estimate', async (context) => {
  const { gateway } = await start(context, { estimate_usage: true });
  await (await gateway.post(chat)).text();
  assert.equal(gateway.destination.lines.at(-1)?.usage_source, 'provider');
  assert.equal(gateway.destination.lines.at(-1)?.output_tokens, 7);
});

test('tells where the time of a request went, and what the gateway itself took', async (context) => {
  const { gateway, upstream } = await start(context);
  const recorded = upstream.behave;
  upstream.behave = async (response, call) => {
    await wait(200);
    await recorded(response, call);
  };
  for (const stream of [false, true]) {
    const response = await gateway.post({ ...chat, stream });
    await response.text();
    const timing = response.headers.get('server-timing') ?? '';
    const entries = [...timing.matchAll(/(\w+);dur=([\d.]+)/g)].map(([, name, value]) => [
      name,
      Number(value),
    ]);
    assert.deepEqual(
      entries.map(([name]) => name),
      ['auth', 'limit', 'queue', 'upstream', 'telemetry'],
    );
    const upstreamMs = Number(entries.find(([name]) => name === 'upstream')?.[1]);
    assert.ok(upstreamMs > 150, timing);
  }
  const sum = await gateway.metric('ibex_proxy_overhead_duration_seconds_sum{dialect="chat"}');
  assert.equal(await gateway.metric('ibex_proxy_overhead_duration_seconds_count{dialect="chat"}'), 2);
  assert.ok((sum ?? 1) < 0.3, `the wait for the provider is none of the overhead: ${sum}`);
});
