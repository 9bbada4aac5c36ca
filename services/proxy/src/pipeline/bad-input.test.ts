import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { type TestContext, test } from 'node:test';
import { goodToken } from '../testing/auth-server.ts';
import { startGateway, type TestGateway } from '../testing/gateway.ts';

interface ErrorAnswer {
  readonly error: { message: string; type: string; param: string | null; code: string; request_id: string };
}

const chat = { model: 'echo', messages: [{ role: 'user', content: 'hi' }] };

/** Checks what every error must have, and returns it. */
async function errorOf(response: Response, status: number, code: string): Promise<ErrorAnswer['error']> {
  const text = await response.text();
  assert.equal(response.status, status, text);
  const { error } = JSON.parse(text) as ErrorAnswer;
  assert.equal(error.code, code);
  assert.deepEqual(Object.keys(error), ['message', 'type', 'param', 'code', 'request_id']);
  assert.equal(response.headers.get('x-request-id'), error.request_id);
  assert.match(response.headers.get('x-trace-id') ?? '', /^[0-9a-f]{32}$/);
  assert.ok(error.message.length > 10 && error.message.length < 3000);
  return error;
}

test('refuses callers without a good token, each with its own code', async (context) => {
  const gateway = await startGateway(context);
  gateway.auth.tokens.set('revoked', { status: 'TOKEN_STATUS_REVOKED' });
  gateway.auth.tokens.set('expired', { status: 'TOKEN_STATUS_EXPIRED' });
  const cases: readonly [Record<string, string>, string][] = [
    [{ authorization: '' }, 'missing_api_key'],
    [{ authorization: 'Bearer ' }, 'missing_api_key'],
    [{ authorization: 'Basic Z29vZDo=' }, 'invalid_api_key'],
    [{ authorization: 'Bearer nobody' }, 'invalid_api_key'],
    [{ authorization: `Bearer ${'x'.repeat(2000)}` }, 'invalid_api_key'],
    [{ authorization: 'Bearer two words' }, 'invalid_api_key'],
    [{ authorization: 'Bearer revoked' }, 'token_revoked'],
    [{ authorization: 'Bearer expired' }, 'token_expired'],
    [{ 'openai-organization': 'org-2' }, 'mismatched_organization'],
  ];
  for (const [headers, code] of cases) {
    const error = await errorOf(await gateway.post(chat, { headers }), 401, code);
    assert.doesNotMatch(error.message, /nobody|revoked-|xxx/);
  }
  assert.deepEqual(gateway.auth.asked, ['nobody', 'revoked', 'expired', 'good']);
  const withoutHeader = await fetch(`${gateway.url}/v1/models`);
  assert.match(withoutHeader.headers.get('www-authenticate') ?? '', /Bearer/);
  await errorOf(withoutHeader, 401, 'missing_api_key');
});

test('takes the token from either header, and the organisation of the token', async (context) => {
  const gateway = await startGateway(context);
  const models = (headers: Record<string, string>) => fetch(`${gateway.url}/v1/models`, { headers });
  assert.equal((await models({ 'x-api-key': 'good' })).status, 200);
  assert.equal((await models({ authorization: 'bearer good', 'openai-organization': 'org-1' })).status, 200);
});

test('refuses agents that are not of the organisation', async (context) => {
  const gateway = await startGateway(context);
  gateway.auth.agents.set('org-1/agent-1', { status: 'AGENT_STATUS_OK', cacheTtlMs: 1000 });
  gateway.auth.agents.set('org-2/agent-2', { status: 'AGENT_STATUS_OK', cacheTtlMs: 1000 });
  const as = (agent: string) => gateway.post(chat, { headers: { 'x-ibex-agent-id': agent } });
  assert.equal((await as('agent-1')).status, 200);
  for (const agent of ['agent-2', 'nobody', '../etc', 'x'.repeat(500)]) {
    const error = await errorOf(await as(agent), 403, 'agent_not_found');
    assert.equal(error.type, 'permission_error');
  }
});

test('refuses bodies that are not a chat completion request, naming the field', async (context) => {
  const gateway = await startGateway(context);
  const cases: readonly [unknown, string, string | null][] = [
    ['', 'invalid_json', null],
    ['{"model": "echo", ', 'invalid_json', null],
    ['{model: echo}', 'invalid_json', null],
    ['[]', 'invalid_type', null],
    ['"text"', 'invalid_type', null],
    [{ ...chat, model: 7 }, 'invalid_type', 'model'],
    [{ model: 'echo' }, 'missing_required_parameter', 'messages'],
    [{ ...chat, messages: [{ role: 'user', content: 7 }] }, 'invalid_type', 'messages[0].content'],
    [{ ...chat, stream: 'yes' }, 'invalid_type', 'stream'],
  ];
  for (const [body, code, param] of cases) {
    const error = await errorOf(await gateway.post(body), 400, code);
    assert.equal(error.param, param);
  }
  const latin1 = await fetch(`${gateway.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: 'Bearer good' },
    body: Buffer.from('{"model":"é"}', 'latin1'),
  });
  await errorOf(latin1, 400, 'invalid_json');
  const broken = await errorOf(await gateway.post('{"a":secret}'), 400, 'invalid_json');
  assert.doesNotMatch(broken.message, /secret/);
});

test('refuses an unknown model and names those there are', async (context) => {
  const gateway = await startGateway(context);
  const error = await errorOf(await gateway.post({ ...chat, model: 'ecco' }), 404, 'model_not_found');
  assert.equal(error.message, 'There is no model "ecco" here. The models are: echo.');
});

test('refuses media types it cannot read', async (context) => {
  const gateway = await startGateway(context);
  for (const type of [
    'text/plain',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'nonsense',
    '/',
  ]) {
    await errorOf(
      await gateway.post(chat, { headers: { 'content-type': type } }),
      415,
      'unsupported_media_type',
    );
  }
  await errorOf(
    await gateway.post(chat, { headers: { 'content-encoding': 'gzip' } }),
    415,
    'unsupported_media_type',
  );
  const charset = await gateway.post(chat, {
    headers: { 'content-type': 'application/json; charset=utf-8' },
  });
  assert.equal(charset.status, 200);
});

test('refuses unknown routes and wrong methods', async (context) => {
  const gateway = await startGateway(context);
  const send = (method: string, path: string) => fetch(`${gateway.url}${path}`, { method });
  await errorOf(await send('GET', '/v2/else?key=secret'), 404, 'unknown_url');
  await errorOf(await send('POST', '/chat/completions'), 404, 'unknown_url');
  for (const [method, path, allowed] of [
    ['GET', '/v1/chat/completions', 'POST'],
    ['DELETE', '/v1/models', 'GET'],
    ['PUT', '/v1/models/echo', 'GET'],
  ] as const) {
    const response = await send(method, path);
    assert.equal(response.headers.get('allow'), allowed);
    await errorOf(response, 405, 'method_not_allowed');
  }
  assert.equal(
    await gateway.metric(
      'ibex_proxy_requests_total{route="/v1/chat/completions",method="GET",status_code="405"}',
    ),
    1,
  );
});

/** Posts with Node's own client, which goes on sending after an early answer. */
function postBytes(
  gateway: TestGateway,
  options: { bytes: number; chunked: boolean },
): Promise<{ status: number; code: string }> {
  const headers = {
    'content-type': 'application/json',
    authorization: 'Bearer good',
    ...(options.chunked ? {} : { 'content-length': options.bytes }),
  };
  return new Promise((resolve, reject) => {
    const request = httpRequest(`${gateway.url}/v1/chat/completions`, { method: 'POST', headers });
    request.on('error', reject);
    request.on('response', async (response) => {
      const parts: Buffer[] = [];
      for await (const part of response) parts.push(part as Buffer);
      const { error } = JSON.parse(Buffer.concat(parts).toString()) as ErrorAnswer;
      resolve({ status: response.statusCode ?? 0, code: error.code });
    });
    const piece = Buffer.alloc(1024 * 1024, 0x20);
    for (let sent = 0; sent < options.bytes; sent += piece.length) request.write(piece);
    request.end();
  });
}

test('refuses a body of 20 MB, announced or not, and the client gets to read the answer', async (context) => {
  const gateway = await startGateway(context);
  const bytes = 20 * 1024 * 1024;
  for (const chunked of [false, true]) {
    assert.deepEqual(await postBytes(gateway, { bytes, chunked }), {
      status: 413,
      code: 'request_too_large',
    });
  }
  const viaFetch = await gateway.post({ ...chat, padding: 'x'.repeat(bytes) });
  const error = await errorOf(viaFetch, 413, 'request_too_large');
  assert.match(error.message, /10485760 bytes.*IBEX_PROXY_BODY_LIMIT_BYTES/);
  assert.equal((await gateway.post(chat)).status, 200);
});

test('a client that closes after its answer is not reset while it still sends', async (context) => {
  const gateway = await startGateway(context);
  const { hostname, port } = new URL(gateway.url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  let text = '';
  socket.on('data', (data) => {
    text += data.toString();
  });
  const bytes = 20 * 1024 * 1024;
  socket.write(
    'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: Bearer good\r\n' +
      `Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${bytes.toString(16)}\r\n`,
  );
  for (let sent = 0; sent < bytes; sent += 1024 * 1024) {
    await new Promise<void>((resolve, reject) =>
      socket.write(Buffer.alloc(1024 * 1024, 0x20), (error) => (error ? reject(error) : resolve())),
    );
  }
  socket.end('\r\n0\r\n\r\n');
  await new Promise((resolve) => socket.once('close', resolve));
  assert.match(text, /^HTTP\/1\.1 413 /);
  assert.match(text, /request_too_large/);
});

test('gives up on a body that does not arrive', async (context) => {
  const gateway = await startGateway(context, { environment: { IBEX_PROXY_BODY_TIMEOUT_MS: '50' } });
  const answer = await sendRaw(
    gateway,
    'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\n' +
      'Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"model"',
  );
  assert.match(answer, /^HTTP\/1\.1 408 /);
  assert.match(answer, /request_timeout/);
});

/** Sends bytes as they are and returns the first answer. */
function sendRaw(gateway: TestGateway, bytes: string): Promise<string> {
  const { hostname, port } = new URL(gateway.url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let text = '';
    socket.on('error', reject);
    socket.on('data', (data) => {
      text += data.toString();
      const length = /content-length: (\d+)/i.exec(text)?.[1];
      const [, body = ''] = text.split('\r\n\r\n');
      if (length === undefined || body.length < Number(length)) return;
      socket.destroy();
      resolve(text);
    });
  });
}

async function traceAndRequestId(context: TestContext, headers: Record<string, string>) {
  const gateway = await startGateway(context);
  const response = await gateway.post(chat, { headers });
  assert.equal(response.status, 200);
  return {
    requestId: response.headers.get('x-request-id') ?? '',
    traceId: response.headers.get('x-trace-id') ?? '',
  };
}

test('keeps a good request id and trace, and replaces hostile ones', async (context) => {
  const trace = '0af7651916cd43dd8448eb211c80319c';
  const good = await traceAndRequestId(context, {
    'x-request-id': 'my-request-42',
    traceparent: `00-${trace}-b7ad6b7169203331-01`,
  });
  assert.deepEqual(good, { requestId: 'my-request-42', traceId: trace });
  for (const requestId of ['x'.repeat(5000), 'a b', '<script>alert(1)</script>', '$(reboot)']) {
    const bad = await traceAndRequestId(context, {
      'x-request-id': requestId,
      traceparent: '00-00000000000000000000000000000000-zz-01',
    });
    assert.match(bad.requestId, /^[0-9a-f-]{36}$/);
    assert.notEqual(bad.traceId, '0'.repeat(32));
  }
});

test('limits requests per organisation, by its own limit before the default, and says so in headers', async (context) => {
  const gateway = await startGateway(context, { environment: { IBEX_PROXY_REQUESTS_PER_MINUTE: '2' } });
  gateway.auth.tokens.set('big', goodToken({ orgId: 'org-big', requestsPerMinute: 3 }));
  const statuses = async (token: string, count: number) => {
    const answers: Response[] = [];
    for (let index = 0; index < count; index += 1) {
      answers.push(await gateway.post(chat, { headers: { authorization: `Bearer ${token}` } }));
    }
    return answers;
  };
  const small = await statuses('good', 3);
  assert.deepEqual(
    small.map(({ status, headers }) => [status, headers.get('x-ratelimit-remaining-requests')]),
    [
      [200, '1'],
      [200, '0'],
      [429, '0'],
    ],
  );
  const denied = small[2];
  assert.ok(denied);
  assert.ok(Number(denied.headers.get('retry-after')) > 0);
  assert.match(denied.headers.get('x-ratelimit-reset-requests') ?? '', /^\d+s$|^1m0s$/);
  await errorOf(denied, 429, 'rate_limit_exceeded');
  assert.deepEqual(
    (await statuses('big', 4)).map(({ status }) => status),
    [200, 200, 200, 429],
  );
  assert.equal(await gateway.metric('ibex_proxy_rate_limited_total{result="allowed"}'), 5);
  assert.equal(await gateway.metric('ibex_proxy_rate_limited_total{result="denied"}'), 2);
});

test('limits an address before it asks who is calling', async (context) => {
  const environment = { IBEX_PROXY_ADDRESS_REQUESTS_PER_MINUTE: '3' };
  const gateway = await startGateway(context, { environment });
  const guess = (token: string) => gateway.post(chat, { headers: { authorization: `Bearer ${token}` } });
  for (const token of ['a', 'b', 'c']) assert.equal((await guess(token)).status, 401);
  const error = await errorOf(await guess('d'), 429, 'rate_limit_exceeded');
  assert.match(error.message, /address/);
  assert.deepEqual(gateway.auth.asked, ['a', 'b', 'c']);
});
