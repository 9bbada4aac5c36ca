import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { get, startServer } from './testing/start-server.ts';

describe('errors have one shape and the request id', () => {
  const addRoutes = (app: FastifyInstance) => {
    app.post('/v1/chat/completions', async () => ({}));
    app.get<{ Params: { kind: string } }>('/v1/models/:kind', async (request) => {
      const thrown: Readonly<Record<string, unknown>> = {
        plain: new Error('inner detail'),
        status: Object.assign(new Error('not with sk-abcdefghijkl'), { statusCode: 403 }),
        odd: Object.assign(new Error('inner detail'), { statusCode: 42 }),
        text: 'inner detail',
        null: null,
      };
      throw thrown[request.params.kind];
    });
  };
  const internal = 'Something broke here. Look for the request id in the logs.';
  const cases = [
    ['plain', 500, 'internal', internal],
    ['odd', 500, 'internal', internal],
    ['text', 500, 'internal', internal],
    ['null', 500, 'internal', internal],
    ['status', 403, 'bad_request', 'not with [REDACTED]'],
  ] as const;
  for (const [kind, status, code, message] of cases) {
    test(`thrown: ${kind}`, async (context) => {
      const { url } = await startServer(context, { addRoutes });
      const answer = await get(`${url}/v1/models/${kind}`);
      assert.equal(answer.status, status);
      assert.deepEqual(answer.json(), { error: { code, message, requestId: answer.requestId } });
    });
  }

  test('no such route', async (context) => {
    const { url } = await startServer(context);
    const answer = await get(`${url}/nowhere?token=canary`);
    const message = 'There is no GET /nowhere here.';
    assert.equal(answer.status, 404);
    assert.deepEqual(answer.json(), { error: { code: 'not_found', message, requestId: answer.requestId } });
  });

  test('a body that is too large, no JSON, or of no known type', async (context) => {
    const { url } = await startServer(context, { addRoutes, bodyLimitBytes: 100 });
    const post = (body: string, type = 'application/json') =>
      get(`${url}/v1/chat/completions`, { method: 'POST', body, headers: { 'content-type': type } });
    const answers = [
      await post(JSON.stringify('x'.repeat(200))),
      await post('{"a":'),
      await post('<a/>', 'application/xml'),
    ];
    assert.deepEqual(
      answers.map(({ status, json }) => [status, json().error.code]),
      [
        [413, 'ctp_body_too_large'],
        [400, 'ctp_invalid_json_body'],
        [415, 'ctp_invalid_media_type'],
      ],
    );
  });

  test('a URL that is not validly encoded is answered, counted, logged and traced', async (context) => {
    const { url, telemetry, destination, exporter } = await startServer(context);
    const answer = await get(`${url}/%E0%A4%A`, {
      headers: { 'x-request-id': '01234567-89ab-7def-8123-456789abcdef' },
    });
    assert.equal(answer.status, 400);
    assert.equal(answer.requestId, '01234567-89ab-7def-8123-456789abcdef');
    assert.deepEqual(answer.json().error.code, 'malformed_url');
    await telemetry.stop();
    assert.match(
      telemetry.metrics.exposition(),
      /^http_requests_total\{method="GET",path="unmatched",status="400"\} 1$/m,
    );
    assert.equal(destination.lines.find(({ msg }) => msg === 'request completed')?.status, 400);
    assert.equal(exporter.spans[0]?.name, 'GET unmatched');
  });

  test('what is not HTTP, or has too many headers', async (context) => {
    const { sendRaw, telemetry } = await startServer(context);
    const cases = [
      ['NONSENSE\r\n\r\n', 'HTTP/1.1 400 Bad Request', 'The request is not valid HTTP.'],
      [
        `GET / HTTP/1.1\r\nHost: x\r\nX-Large: ${'x'.repeat(20_000)}\r\n\r\n`,
        'HTTP/1.1 431 Request Header Fields Too Large',
        'The request headers are too large.',
      ],
    ] as const;
    for (const [text, status, message] of cases) {
      const [head = '', body = ''] = (await sendRaw(text)).split('\r\n\r\n');
      assert.ok(head.startsWith(`${status}\r\n`), head);
      assert.match(head, /^X-Trace-ID: 0{32}\r$/m);
      const requestId = /^X-Request-ID: ([0-9a-f-]{36})\r$/m.exec(head)?.[1];
      assert.deepEqual(JSON.parse(body), { error: { code: 'malformed_request', message, requestId } });
    }
    const exposition = telemetry.metrics.exposition();
    assert.match(exposition, /^http_requests_total\{method="other",path="unmatched",status="400"\} 1$/m);
    assert.match(exposition, /^http_requests_total\{method="other",path="unmatched",status="other"\} 1$/m);
  });
});

test('a request that is in when the server closes is answered, with its ids, and so is one behind it', async (context) => {
  const entered = Promise.withResolvers<void>();
  const leave = Promise.withResolvers<void>();
  const { app, sendRaw } = await startServer(context, {
    addRoutes: (routes) =>
      routes.get('/v1/models', async () => {
        entered.resolve();
        await leave.promise;
        return 'answered';
      }),
  });
  const request = 'GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\n';
  const answers = sendRaw(request + request);
  await entered.promise;
  const closed = app.close();
  leave.resolve();
  const text = await answers;
  await closed;
  assert.match(text, /^HTTP\/1\.1 200/);
  assert.ok((text.match(/^x-request-id: /gim)?.length ?? 0) >= 1);
  assert.equal(text.includes('503'), false);
});

test('headers that do not arrive in time are a 408 with a request id', async (context) => {
  const { sendRaw } = await startServer(context, { headersTimeoutMs: 100 });
  for (const begun of ['', 'GET /healthz HTTP/1.1\r\n']) {
    const [head = '', body = ''] = (await sendRaw(begun)).split('\r\n\r\n');
    assert.ok(head.startsWith('HTTP/1.1 408 Request Timeout\r\n'), head);
    const requestId = /^X-Request-ID: ([0-9a-f-]{36})\r$/m.exec(head)?.[1];
    assert.equal(JSON.parse(body).error.requestId, requestId);
  }
});

test('nonsense behind a request whose answer has begun closes the connection, and is not answered within it', async (context) => {
  const { sendRaw } = await startServer(context, {
    addRoutes: (routes) =>
      routes.get('/v1/models', (_request, reply) => {
        reply.hijack();
        reply.raw.writeHead(200, { 'content-type': 'text/plain' }).write('begun');
      }),
    unreadableBody: ({ requestId }) => ({ mine: requestId }),
  });
  const text = await sendRaw('GET /v1/models HTTP/1.1\r\nHost: x\r\n\r\nNONSENSE\r\n\r\n');
  assert.doesNotMatch(text, /HTTP\/1\.1 400/);
  assert.match(await sendRaw('NONSENSE\r\n\r\n'), /\{"mine":"[0-9a-f-]{36}"\}$/);
});

describe('the address of a client', () => {
  const addRoutes = (app: FastifyInstance) => {
    app.get('/v1/models', async (request) => ({ address: request.ip }));
  };
  const headers = { 'x-forwarded-for': '203.0.113.7, 198.51.100.1, 10.1.2.3' };

  test('is that of its connection', async (context) => {
    const { url } = await startServer(context, { addRoutes });
    assert.deepEqual((await get(`${url}/v1/models`, { headers })).json(), { address: '127.0.0.1' });
  });

  test('is what the nearest proxy that is trusted says, and nothing that its client says', async (context) => {
    const trustedProxies = ['127.0.0.1', '10.0.0.0/8'];
    const { url } = await startServer(context, { addRoutes, trustedProxies });
    assert.deepEqual((await get(`${url}/v1/models`, { headers })).json(), { address: '198.51.100.1' });
    assert.deepEqual((await get(`${url}/v1/models`)).json(), { address: '127.0.0.1' });
  });

  test('is that of its connection where that is no trusted proxy', async (context) => {
    const { url } = await startServer(context, { addRoutes, trustedProxies: ['10.0.0.0/8'] });
    assert.deepEqual((await get(`${url}/v1/models`, { headers })).json(), { address: '127.0.0.1' });
  });
});
