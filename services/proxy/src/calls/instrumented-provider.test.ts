import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { startTestTelemetry } from '@ibex/telemetry/testing';
import { readChatRequest } from '../dialects/chat/request.ts';
import { readStreamingPolicy } from '../pipeline/streaming-policy.ts';
import { createEchoProvider } from '../providers/echo/provider.ts';
import { ProviderFailure } from '../providers/failure.ts';
import { reportForTest } from '../testing/call-report.ts';
import { readPrices } from '../usage/prices.ts';
import type { CallEnd } from './call-end.ts';
import { CallsInFlight } from './calls-in-flight.ts';
import { InstrumentedProvider } from './instrumented-provider.ts';

function start(context: TestContext) {
  const { telemetry } = startTestTelemetry('proxy', { configured: { provider: ['echo'], model: ['echo'] } });
  context.after(() => telemetry.stop());
  const calls = new CallsInFlight();
  const ends: CallEnd[] = [];
  const echo = createEchoProvider({ timeouts: { connectMs: 1000, headersMs: 1000, idleMs: 1000 } });
  const provider = new InstrumentedProvider(echo, {
    telemetry,
    calls,
    streaming: readStreamingPolicy({}),
    prices: readPrices({}),
    sinks: [(end) => ends.push(end)],
  });
  return { provider, calls, ends };
}

function ask(content: string, stream: boolean) {
  const body = { model: 'echo', messages: [{ role: 'user', content }], stream };
  return readChatRequest(body, Buffer.from(JSON.stringify(body)));
}

test('a call is in the registry while it runs, and ends with one record', async (context) => {
  const { provider, calls, ends } = start(context);
  const events = await provider.stream(ask('one two', true), reportForTest());
  assert.equal(calls.size, 1);
  let bytes = 0;
  for await (const piece of events) bytes += piece.length;
  assert.ok(bytes > 0);
  assert.equal(calls.size, 0);
  const [end, ...others] = ends;
  assert.deepEqual(others, []);
  assert.deepEqual([end?.outcome, end?.status, end?.operation], ['completed', 'ok', 'generate_stream']);
  assert.equal(end?.streamStarted, true);
});

test('a stream that is killed ends at once, for whoever reads it and for the record', async (context) => {
  const { provider, calls, ends } = start(context);
  const events = await provider.stream(ask('/stream-delay 10s one two', true), reportForTest());
  const iterator = events[Symbol.asyncIterator]();
  await iterator.next();
  const waiting = iterator.next();
  assert.equal(calls.kill('request-1'), 1);
  await assert.rejects(waiting, (error) => error instanceof ProviderFailure && error.kind === 'killed');
  assert.deepEqual(
    ends.map(({ outcome, status }) => [outcome, status]),
    [['killed', 'cancelled']],
  );
  assert.equal(calls.size, 0);
});

test('a failure is recorded once and thrown on as it is', async (context) => {
  const { provider, ends } = start(context);
  await assert.rejects(
    provider.generate(ask('/fail 503', false), reportForTest()),
    (error) => error instanceof ProviderFailure && error.kind === 'overloaded',
  );
  assert.deepEqual(
    ends.map(({ outcome, failure }) => [outcome, failure?.kind]),
    [['rejected', 'overloaded']],
  );
});

test('what is begun after the gateway began to end calls is ended as well', async (context) => {
  const { provider, calls, ends } = start(context);
  calls.abortAll();
  await assert.rejects(
    provider.generate(ask('/latency 10s too late', false), reportForTest()),
    (error) => error instanceof ProviderFailure && error.kind === 'gateway_stopping',
  );
  assert.equal(ends[0]?.outcome, 'gateway_stopping');
});
