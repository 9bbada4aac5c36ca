import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startGateway, until } from '../testing/gateway.ts';
import { recordedChunks, startEvents, startUpstream, upstreamConfig, wire } from '../testing/upstream.ts';

const chat = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }], stream: true };
const labels = 'provider="acme",model="gpt-4o-mini"';

async function start(context: TestContext) {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: upstreamConfig(upstream) });
  return { gateway, upstream };
}

test('when the client leaves, the upstream is cut and the call is recorded as such', async (context) => {
  const { gateway, upstream } = await start(context);
  for (const stream of [true, false]) {
    const arrived = Promise.withResolvers<void>();
    upstream.behave = (response) => {
      if (stream) {
        startEvents(response);
        response.write(wire(recordedChunks.slice(0, 3)));
      }
      arrived.resolve();
    };
    const controller = new AbortController();
    const request = gateway.post({ ...chat, stream }, { signal: controller.signal });
    await arrived.promise;
    if (stream) await (await request).body?.getReader().read();
    controller.abort();
    await request.catch(() => undefined);
    await upstream.calls.at(-1)?.cut;
    const operation = stream ? 'generate_stream' : 'generate';
    const series = `provider_requests_total{${labels},operation="${operation}",status="cancelled"}`;
    await until(async () => (await gateway.metric(series)) === 1);
    await until(() => gateway.destination.lines.some((line) => line.status === 499));
    const line = gateway.destination.lines.at(-1);
    assert.equal(line?.outcome, 'client_cancelled_aborted');
    assert.equal(line?.status, 499);
    assert.equal(line?.provider, 'acme');
    gateway.destination.text.length = 0;
  }
  const spans = await gateway.spans();
  const streamed = spans.find(({ name }) => name === 'provider.generate_stream');
  assert.equal(streamed?.attributes['ibex.stream_outcome'], 'client_cancelled_aborted');
  assert.equal(streamed?.attributes['provider.chunk_count'], 3);
  assert.equal(
    await gateway.metric(
      'ibex_proxy_requests_total{route="/v1/chat/completions",method="POST",status_code="499"}',
    ),
    2,
  );
});

test('a client that does not read holds the upstream back instead of filling memory', async (context) => {
  const { gateway, upstream } = await start(context);
  let written = 0;
  const stalled = Promise.withResolvers<void>();
  upstream.behave = async (response) => {
    startEvents(response);
    const piece = wire(Array(100).fill(recordedChunks[1]));
    while (!response.destroyed) {
      written += piece.length;
      if (!response.write(piece)) {
        const drained = new Promise<'drained'>((resolve) => response.once('drain', () => resolve('drained')));
        const timeUp = new Promise<'stalled'>((resolve) => setTimeout(() => resolve('stalled'), 1_000));
        if ((await Promise.race([drained, timeUp])) === 'stalled') return stalled.resolve();
      }
    }
  };
  const controller = new AbortController();
  const response = await gateway.post(chat, { signal: controller.signal });
  assert.equal(response.status, 200);
  await stalled.promise;
  assert.ok(written < 64 * 1024 * 1024, `${written} bytes were taken though nobody reads`);
  controller.abort();
  await upstream.calls[0]?.cut;
});
