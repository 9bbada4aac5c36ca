import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { test } from 'node:test';
import { ibexContract } from '@ibex/contract';
import { findProgram, skipWithout } from '../../../../tests/src/support/programs.ts';
import { startGateway, until } from '../testing/gateway.ts';
import { startUpstream, upstreamConfig } from '../testing/upstream.ts';

const messages = [{ role: 'user', content: 'What is the capital of Iceland?' }];

test('metrics, spans and log line tell the same about a call', async (context) => {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: upstreamConfig(upstream) });
  const response = await gateway.post({ model: 'gpt-4o-mini', messages, stream: true });
  await response.text();
  const requestId = response.headers.get('x-request-id');
  const spans = await gateway.spans();

  const [server, auth, provider, attempt, http] = [
    'POST /v1/chat/completions',
    'ibex.auth.v1.AuthService/ValidateToken',
    'provider.generate_stream',
    'provider.attempt',
    'POST',
  ].map((name) => spans.find((span) => span.name === name));
  assert.ok(server && auth && provider && attempt && http, spans.map(({ name }) => name).join());
  assert.equal(auth.parentSpanId, server.spanId);
  assert.equal(provider.parentSpanId, server.spanId);
  assert.equal(attempt.parentSpanId, provider.spanId);
  assert.equal(http.parentSpanId, attempt.spanId);
  assert.deepEqual(attempt.attributes, {
    'provider.name': 'acme',
    'provider.model': 'gpt-4o-mini',
    'ibex.attempt': 1,
    'ibex.attempt_kind': 'first',
  });
  assert.equal(server.traceId, response.headers.get('x-trace-id'));
  assert.equal(http.attributes['url.full'], `${upstream.baseUrl}/chat/completions`);
  assert.equal(http.attributes['http.response.status_code'], 200);

  const timed = Object.entries(provider.attributes).filter(([key]) => /_seconds$|time_to_/.test(key));
  assert.deepEqual(
    timed.map(([key]) => key),
    [
      'provider.ttfb_seconds',
      'gen_ai.response.time_to_first_chunk',
      'ibex.stream_upstream_wait_seconds',
      'ibex.stream_client_wait_seconds',
      'ibex.stream_longest_gap_seconds',
    ],
  );
  for (const [key, value] of timed) assert.ok(typeof value === 'number' && value > 0, key);
  const timedKeys = timed.map(([key]) => key);
  const attributes = Object.fromEntries(
    Object.entries(provider.attributes).filter(([key]) => !timedKeys.includes(key)),
  );
  assert.deepEqual(attributes, {
    'ibex.attempt_count': 1,
    'gen_ai.usage.cache_read.input_tokens': 0,
    'ibex.stream_stall_count': 0,
    'provider.name': 'acme',
    'provider.model': 'gpt-4o-mini',
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'acme',
    'gen_ai.request.model': 'gpt-4o-mini',
    'provider.input_tokens': 9,
    'provider.output_tokens': 7,
    'gen_ai.usage.input_tokens': 9,
    'gen_ai.usage.output_tokens': 7,
    'gen_ai.response.id': 'chatcmpl-BxY1',
    'gen_ai.response.model': 'gpt-4o-mini-2024-07-18',
    'gen_ai.response.finish_reasons': ['stop'],
    'ibex.usage_source': 'provider',
    'provider.chunk_count': 6,
    'ibex.stream_outcome': 'completed',
  });
  assert.equal(
    await gateway.metric('ibex_proxy_provider_attempts_total{provider="acme",kind="first",result="ok"}'),
    1,
  );
  const line = gateway.destination.lines.find(({ request_id }) => request_id === requestId);
  assert.deepEqual(
    [line?.provider, line?.model, line?.input_tokens, line?.output_tokens, line?.usage_source, line?.outcome],
    ['acme', 'gpt-4o-mini', 9, 7, 'provider', 'completed'],
  );
  assert.equal(line?.org_id, 'org-1');
  assert.equal(line?.trace_id, server.traceId);
  const labels = 'provider="acme",model="gpt-4o-mini"';
  assert.equal(await gateway.metric(`provider_tokens_total{${labels},type="output"}`), 7);
  assert.equal(
    await gateway.metric(`provider_requests_total{${labels},operation="generate_stream",status="ok"}`),
    1,
  );
});

test('spans keep to the contract, and content is nowhere', async (context) => {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: upstreamConfig(upstream) });
  for (const body of [
    { model: 'gpt-4o-mini', messages },
    { model: 'echo', messages, stream: true },
    { model: 'echo', messages: [{ role: 'user', content: '/fail 500 What is the capital of Iceland?' }] },
  ]) {
    await (await gateway.post(body)).text();
  }
  const spans = await gateway.spans();
  for (const [name, definition] of [
    ['provider.generate', ibexContract.spans.provider_generate],
    ['provider.generate_stream', ibexContract.spans.provider_generate_stream],
  ] as const) {
    const known: readonly string[] = [...definition.required, ...definition.optional];
    const found = spans.filter((span) => span.name === name);
    assert.ok(found.length > 0);
    for (const { attributes } of found) {
      for (const key of Object.keys(attributes)) assert.ok(known.includes(key), `${name} has ${key}`);
      for (const key of definition.required) assert.ok(key in attributes, `${name} lacks ${key}`);
    }
  }
  const failed = spans.find(({ attributes }) => attributes['error.type'] === 'failed');
  assert.equal(failed?.status, 'error');
  assert.equal(spans.find(({ spanId }) => spanId === failed?.parentSpanId)?.status, 'error');
  assert.doesNotMatch(
    JSON.stringify(spans) + gateway.destination.text.join(''),
    /Iceland|Grüße|How can I help/,
  );
});

test('every metric of the contract is there', async (context) => {
  const gateway = await startGateway(context);
  await (await gateway.echo('one two', { stream: true })).text();
  const text = await (await fetch(`${gateway.url}/metrics`)).text();
  for (const name of Object.keys(ibexContract.metrics))
    assert.match(text, new RegExp(`^# TYPE ${name} `, 'm'));
});

test('promtool accepts the metrics but for the exceptions of the contract', {
  skip: skipWithout('promtool'),
}, async (context) => {
  const gateway = await startGateway(context);
  await (await gateway.echo('one two', { stream: true })).text();
  const input = await (await fetch(`${gateway.url}/metrics`)).text();
  const { stderr } = spawnSync(findProgram('promtool') ?? 'promtool', ['check', 'metrics'], {
    input,
    encoding: 'utf8',
  });
  const excepted = Object.entries(ibexContract.metrics)
    .filter(([, metric]) => 'lintExceptions' in metric)
    .map(([name]) => name);
  const complaints = stderr
    .split('\n')
    .filter((line) => line !== '' && !excepted.some((name) => line.startsWith(`${name} `)));
  assert.deepEqual(complaints, []);
});

test('open connections are counted', async (context) => {
  const gateway = await startGateway(context);
  const { hostname, port } = new URL(gateway.url);
  const sockets = [1, 2, 3].map(() => connect(Number(port), hostname));
  await until(async () => (await gateway.metric('ibex_proxy_active_connections')) === 3);
  for (const socket of sockets) socket.destroy();
  await until(async () => (await gateway.metric('ibex_proxy_active_connections')) === 0);
});

test('a stopping gateway ends calls with an error instead of cutting the connection', async (context) => {
  const gateway = await startGateway(context);
  const whole = gateway.echo('/hang');
  const streamed = gateway.echo('/stream-delay 10s one two', { stream: true });
  await streamed;
  await until(() => gateway.auth.asked.length === 1);
  await gateway.stop();
  assert.equal((await whole).status, 503);
  assert.match(await (await streamed).text(), /"code":"gateway_stopping"/);
});
