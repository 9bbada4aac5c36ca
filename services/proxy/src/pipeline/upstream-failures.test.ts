import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:net';
import { type TestContext, test } from 'node:test';
import { startGateway, type TestGateway } from '../testing/gateway.ts';
import {
  answerJson,
  type Behaviour,
  recordedCompletion,
  startUpstream,
  upstreamConfig,
} from '../testing/upstream.ts';

const chat = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] };

async function start(context: TestContext, environment: Record<string, string> = {}) {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: upstreamConfig(upstream), environment });
  return { gateway, upstream };
}

/** Asks for an answer and for a stream; both must fail alike before anything was sent. */
async function failsWith(gateway: TestGateway, status: number, code: string): Promise<string> {
  let message = '';
  for (const stream of [false, true]) {
    const response = await gateway.post({ ...chat, stream });
    const text = await response.text();
    assert.equal(response.status, status, text);
    const { error } = JSON.parse(text);
    assert.equal(error.code, code);
    assert.equal(error.request_id, response.headers.get('x-request-id'));
    assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
    message = error.message;
  }
  return message;
}

async function listen(context: TestContext, server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function configFor(baseUrl: string): Record<string, unknown> {
  return { providers: [{ name: 'acme', type: 'openai', base_url: baseUrl, models: ['gpt-4o-mini'] }] };
}

test('an upstream that refuses the connection or cannot be found is a 502', async (context) => {
  const server = createServer();
  const port = await listen(context, server);
  await new Promise((resolve) => server.close(resolve));
  for (const baseUrl of [`http://127.0.0.1:${port}/v1`, 'http://no-such-host.invalid/v1']) {
    const gateway = await startGateway(context, { config: configFor(baseUrl) });
    const message = await failsWith(gateway, 502, 'upstream_unreachable');
    assert.match(message, /The provider "acme" could not be reached: E/);
  }
});

test('an upstream that hangs up without an answer, or does not speak HTTP, is a 502', async (context) => {
  const silent = await listen(
    context,
    createServer((socket) => socket.on('data', () => socket.destroy())),
  );
  const reset = await startGateway(context, { config: configFor(`http://127.0.0.1:${silent}/v1`) });
  await failsWith(reset, 502, 'upstream_reset');
  const other = await listen(
    context,
    createServer((socket) => socket.on('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n'))),
  );
  const foreign = await startGateway(context, { config: configFor(`http://127.0.0.1:${other}/v1`) });
  await failsWith(foreign, 502, 'upstream_invalid_response');
});

test('an upstream that hangs is a 504 and loses its connection', async (context) => {
  const { gateway, upstream } = await start(context, { IBEX_PROXY_UPSTREAM_HEADERS_TIMEOUT_MS: '100' });
  upstream.behave = () => undefined;
  await failsWith(gateway, 504, 'upstream_timeout');
  for (const call of upstream.calls) await call.cut;
  const series =
    'provider_requests_total{provider="acme",model="gpt-4o-mini",operation="generate",status="timeout"}';
  assert.equal(await gateway.metric(series), 1);
});

test('an upstream that breaks off within a chunk is a 502 that says so', async (context) => {
  const { gateway, upstream } = await start(context);
  upstream.behave = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"id":', () => response.destroy());
  };
  const response = await gateway.post(chat);
  assert.equal(response.status, 502);
  assert.equal(((await response.json()) as { error: { code: string } }).error.code, 'upstream_reset');
});

test('an upstream that stops in the middle of its answer is a 504', async (context) => {
  const { gateway, upstream } = await start(context, { IBEX_PROXY_UPSTREAM_IDLE_TIMEOUT_MS: '100' });
  upstream.behave = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.write('{"id":');
  };
  const response = await gateway.post(chat);
  assert.equal(response.status, 504);
  assert.equal(((await response.json()) as { error: { code: string } }).error.code, 'upstream_idle_timeout');
});

test('what the upstream refuses is passed on with its reason, never with the key', async (context) => {
  const { gateway, upstream } = await start(context);
  const secret = 'acme-secret-key-1234';
  const cases: readonly [number, number, string][] = [
    [400, 400, 'context_length_exceeded'],
    [401, 502, 'upstream_credentials_refused'],
    [429, 429, 'context_length_exceeded'],
    [500, 502, 'upstream_error'],
    [503, 503, 'upstream_overloaded'],
  ];
  for (const [status, expected, code] of cases) {
    upstream.behave = answerJson(
      status,
      {
        error: {
          message: `Too long for ${secret}.`,
          type: 'x',
          code: 'context_length_exceeded',
          param: 'messages',
        },
      },
      { 'retry-after': '7' },
    );
    const message = await failsWith(gateway, expected, code);
    assert.doesNotMatch(message, new RegExp(secret));
    if (status !== 401) assert.match(message, /Too long for \[REDACTED\]/);
    assert.equal((await gateway.post(chat)).headers.get('retry-after'), status === 401 ? null : '7');
  }
  await gateway.stop();
  assert.doesNotMatch(gateway.destination.text.join(''), new RegExp(secret));
  assert.doesNotMatch(JSON.stringify(await gateway.spans()), new RegExp(secret));
});

test('an error page of any size is cut, an answer over the limit is refused', async (context) => {
  const { gateway, upstream } = await start(context, { IBEX_PROXY_RESPONSE_LIMIT_BYTES: '10000' });
  upstream.behave = (response) => {
    response.writeHead(500, { 'content-type': 'text/html' });
    response.end('x'.repeat(1_000_000));
  };
  assert.ok((await failsWith(gateway, 502, 'upstream_error')).length < 3000);
  upstream.behave = answerJson(200, { ...recordedCompletion, padding: 'x'.repeat(20_000) });
  const response = await gateway.post(chat);
  assert.equal(response.status, 502);
  assert.match(await response.text(), /upstream_response_too_large.*|larger than 10000 bytes/);
});

test('an answer that cannot be read is a 502', async (context) => {
  const { gateway, upstream } = await start(context);
  const plain: Behaviour = (response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.end('it works');
  };
  const redirect: Behaviour = (response) => {
    response.writeHead(307, { location: 'http://127.0.0.1:1/' });
    response.end();
  };
  for (const behaviour of [plain, redirect, answerJson(200, [])]) {
    upstream.behave = behaviour;
    await failsWith(gateway, 502, 'upstream_invalid_response');
  }
});

test('an error with the status of a success is a 502, in its words', async (context) => {
  const { gateway, upstream } = await start(context);
  upstream.behave = answerJson(200, { error: { message: 'No instances available', code: 502 } });
  const response = await gateway.post(chat);
  const { error } = (await response.json()) as { error: Record<string, unknown> };
  assert.equal(response.status, 502);
  assert.equal(error.code, 'upstream_error');
  assert.match(String(error.message), /reported an error in its answer: No instances available$/);
});

test('the answer is passed on byte by byte and its usage read', async (context) => {
  const { gateway, upstream } = await start(context);
  const bytes = `  ${JSON.stringify(recordedCompletion, null, 2)}\n`;
  upstream.behave = (response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(bytes);
  };
  const response = await gateway.post(chat);
  assert.equal(await response.text(), bytes);
  assert.match(response.headers.get('openai-processing-ms') ?? '', /^\d+$/);
  const tokens = (type: string) =>
    gateway.metric(`provider_tokens_total{provider="acme",model="gpt-4o-mini",type="${type}"}`);
  assert.equal(await tokens('input'), 9);
  assert.equal(await tokens('output'), 7);
});

test('a wildcard takes any model, which share one series', async (context) => {
  const upstream = await startUpstream(context);
  const gateway = await startGateway(context, { config: upstreamConfig(upstream, { models: ['*'] }) });
  for (const model of ['gpt-new', 'gpt-newer'])
    assert.equal((await gateway.post({ ...chat, model })).status, 200);
  assert.equal(upstream.calls[1]?.body.model, 'gpt-newer');
  const series = 'provider_requests_total{provider="acme",model="other",operation="generate",status="ok"}';
  assert.equal(await gateway.metric(series), 2);
  assert.equal(await gateway.metric('ibex_contract_violations_total{kind="label_value"}'), undefined);
});
