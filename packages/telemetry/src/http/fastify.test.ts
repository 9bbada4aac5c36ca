import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { currentRequest, currentSpan } from '../context/scope.ts';
import { seriesValue, startApp } from '../testing/fastify-app.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('the order of the steps', () => {
  test('request context and span are open in every hook, the handler and after awaits', async () => {
    const seen: Record<string, unknown> = {};
    const { url, finish, endLine } = await startApp((app) => {
      const see = (step: string) => {
        seen[step] = [currentRequest()?.route, currentSpan() !== undefined];
      };
      app.addHook('onRequest', async () => see('onRequest'));
      app.addHook('preParsing', async () => see('preParsing'));
      app.addHook('preHandler', async () => see('preHandler'));
      app.addHook('onSend', async () => see('onSend'));
      app.post('/v1/chat/completions', async () => {
        see('handler');
        await new Promise(setImmediate);
        see('later');
        return {};
      });
    });
    const body = JSON.stringify({ text: 'x'.repeat(300_000) });
    const headers = { 'content-type': 'application/json', 'x-request-id': 'request-1' };
    await fetch(`${url}/v1/chat/completions`, { method: 'POST', headers, body });
    await endLine('request-1');
    await finish();
    const expected = ['/v1/chat/completions', true];
    for (const step of ['onRequest', 'preParsing', 'preHandler', 'handler', 'later', 'onSend']) {
      assert.deepEqual(seen[step], expected, step);
    }
  });

  test('headers, span, metrics and log line speak of one request', async () => {
    const { url, telemetry, finish, endLine } = await startApp((app) =>
      app.get('/v1/models/:model', async (request) => {
        request.ibex.orgId = 'acme';
        request.ibex.logFields = { model: 'echo' };
        request.ibex.outcome = 'completed';
        return { id: 'echo' };
      }),
    );
    const response = await fetch(`${url}/v1/models/secret-id?token=abc`, {
      headers: { 'user-agent': 'test/1' },
    });
    assert.equal((await response.text()).length, 13);
    const requestId = response.headers.get('x-request-id') ?? '';
    assert.match(requestId, uuid);

    const line = await endLine(requestId);
    const [span, ...others] = await finish();
    assert.equal(others.length, 0);
    assert.equal(span?.name, 'GET /v1/models/:model');
    assert.equal(span?.kind, 'server');
    assert.equal(response.headers.get('x-trace-id'), span?.traceId);
    assert.equal(span?.status, 'unset');
    assert.deepEqual(span?.attributes, {
      'http.method': 'GET',
      'http.request.method': 'GET',
      'http.route': '/v1/models/:model',
      'http.request_id': requestId,
      correlation_id: requestId,
      trace_id: span?.traceId,
      span_id: span?.spanId,
      'url.path': '/v1/models/:model',
      'user_agent.original': 'test/1',
      'http.status_code': 200,
      'http.response.status_code': 200,
      'ibex.outcome': 'completed',
      org_id: 'acme',
    });
    const { time: _time, duration_ms: durationMs, ...fields } = line;
    assert.ok(typeof durationMs === 'number' && durationMs > 0);
    assert.deepEqual(fields, {
      level: 'INFO',
      msg: 'request completed',
      service: 'proxy',
      request_id: requestId,
      correlation_id: requestId,
      org_id: 'acme',
      trace_id: span?.traceId,
      span_id: span?.spanId,
      method: 'GET',
      route: '/v1/models/:model',
      status: 200,
      outcome: 'completed',
      model: 'echo',
    });
    const exposition = telemetry.metrics.exposition();
    assert.equal(exposition.includes('secret-id'), false);
    const path = 'method="GET",path="/v1/models/:model"';
    assert.equal(seriesValue(exposition, `http_requests_total{${path},status="200"}`), 1);
    assert.equal(seriesValue(exposition, `http_request_duration_seconds_count{${path}}`), 1);
    assert.equal(seriesValue(exposition, `http_response_size_bytes_sum{${path}}`), 13);
    const own = 'route="/v1/models/:model",method="GET",status_code="200"';
    assert.equal(seriesValue(exposition, `ibex_proxy_requests_total{${own}}`), 1);
    assert.equal(seriesValue(exposition, `ibex_proxy_request_duration_seconds_count{${own}}`), 1);
  });
});

describe('every answer has both headers', () => {
  const cases: Readonly<Record<string, [path: string, status: number]>> = {
    'a route': ['/v1/models', 200],
    'no route': ['/nowhere', 404],
    'a thrown error': ['/throws', 500],
    'an error with a status': ['/teapot', 418],
    'a hijacked answer': ['/hijacked', 202],
    'a stream': ['/streamed', 200],
    'a redirect': ['/moved', 302],
    'an empty answer': ['/empty', 204],
  };
  for (const [title, [path, status]] of Object.entries(cases)) {
    test(title, async () => {
      const { url, finish } = await startApp((app) => {
        app.get('/v1/models', async () => ({}));
        app.get('/throws', async () => {
          throw new Error('broken');
        });
        app.get('/teapot', async () => {
          throw Object.assign(new Error('short and stout'), { statusCode: 418 });
        });
        app.get('/hijacked', (_request, reply) => {
          reply.hijack();
          reply.raw.writeHead(202, { 'content-type': 'text/plain' });
          reply.raw.end('by hand');
        });
        app.get('/streamed', async (_request, reply) => reply.send(Readable.from(['one', 'two'])));
        app.get('/moved', async (_request, reply) => reply.redirect('/v1/models'));
        app.get('/empty', async (_request, reply) => reply.code(204).send());
      });
      const response = await fetch(`${url}${path}`, { redirect: 'manual' });
      await response.text();
      const [span] = await finish();
      assert.equal(response.status, status);
      assert.match(response.headers.get('x-request-id') ?? '', uuid);
      assert.equal(response.headers.get('x-trace-id'), span?.traceId);
      assert.equal(span?.attributes['http.status_code'], status);
      assert.equal(span?.attributes['http.route'], path === '/nowhere' ? 'unmatched' : path);
    });
  }
});

describe('failures', () => {
  const addRoutes = (app: Parameters<Parameters<typeof startApp>[0]>[0]) => {
    app.get('/v1/models', async () => {
      throw Object.assign(new TypeError('no upstream at https://u:pw@host'), { code: 'E_UPSTREAM' });
    });
    app.get('/answered', async (request, reply) => {
      request.ibex.error = new Error('known');
      return reply.code(503).send({});
    });
    app.get('/plain', async (_request, reply) => reply.code(502).send({}));
    app.get('/refused', async () => {
      throw Object.assign(new Error('not yours'), { statusCode: 403 });
    });
    app.get('/odd', async () => Promise.reject('a text'));
  };
  const cases = [
    ['/v1/models', 500, 'TypeError', 'no upstream at https://[REDACTED]@host'],
    ['/answered', 503, 'Error', 'known'],
    ['/plain', 502, '502', 'HTTP 502'],
    ['/odd', 500, 'string', 'a text'],
  ] as const;
  for (const [path, status, type, message] of cases) {
    test(`${path}: status ${status} marks span and line`, async () => {
      const { url, finish, endLine } = await startApp(addRoutes);
      const response = await fetch(`${url}${path}`, { headers: { 'x-request-id': 'request-1' } });
      assert.equal(response.status, status);
      const line = await endLine('request-1');
      const [span] = await finish();
      assert.deepEqual([span?.status, span?.statusMessage], ['error', message]);
      assert.equal(span?.attributes['error.type'], type);
      assert.equal(span?.events[0]?.name, path === '/plain' ? undefined : 'exception');
      assert.deepEqual([line.level, line.msg, line.status], ['ERROR', 'request failed', status]);
      assert.equal(JSON.stringify(line).includes('u:pw'), false);
    });
  }

  test('a 4xx is no failure of ours', async () => {
    const { url, finish, endLine } = await startApp(addRoutes);
    await fetch(`${url}/refused`, { headers: { 'x-request-id': 'request-1' } });
    const line = await endLine('request-1');
    const [span] = await finish();
    assert.deepEqual([span?.status, span?.events.length], ['unset', 0]);
    assert.deepEqual([line.level, line.status, line.error], ['INFO', 403, undefined]);
  });

  test('an error that a handler of errors answers as 4xx is none either', async () => {
    const { url, finish } = await startApp((app) => {
      app.setErrorHandler((_error, _request, reply) => reply.code(400).send({}));
      app.get('/v1/models', async () => {
        throw new RangeError('out of range');
      });
    });
    await fetch(`${url}/v1/models`);
    const [span] = await finish();
    assert.deepEqual([span?.status, span?.attributes['http.status_code']], ['unset', 400]);
  });
});
