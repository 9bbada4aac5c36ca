import assert from 'node:assert/strict';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { Pool } from 'undici';
import { currentRequest } from '../context/scope.ts';
import { seriesValue, startApp } from '../testing/fastify-app.ts';

const traceId = '0af7651916cd43dd8448eb211c80319c';
const spanId = 'b7ad6b7169203331';

describe('a client that leaves', () => {
  test('before the answer: status 499, no failure', async () => {
    const arrived = Promise.withResolvers<void>();
    const app = await startApp((routes) =>
      routes.get('/v1/models', async (_request, reply) => {
        arrived.resolve();
        await new Promise((resolve) => reply.raw.once('close', resolve));
        throw new Error('aborted upstream');
      }),
    );
    const socket = connect(app.port, '127.0.0.1');
    socket.write('GET /v1/models HTTP/1.1\r\nHost: x\r\nX-Request-ID: request-1\r\n\r\n');
    await arrived.promise;
    socket.destroy();
    const line = await app.endLine('request-1');
    const [span] = await app.finish();
    assert.deepEqual([line.status, line.level], [499, 'INFO']);
    assert.deepEqual([span?.attributes['http.status_code'], span?.status], [499, 'unset']);
    const series = 'http_requests_total{method="GET",path="/v1/models",status="499"}';
    assert.equal(seriesValue(app.telemetry.metrics.exposition(), series), 1);
  });

  test('in mid-stream: status 499, and the bytes that were sent', async () => {
    const app = await startApp((routes) =>
      routes.get('/v1/models', async (_request, reply) =>
        reply.send(
          new Readable({
            read() {
              setImmediate(() => this.push('x'.repeat(1_000)));
            },
          }),
        ),
      ),
    );
    const client = httpRequest(`${app.url}/v1/models`, { headers: { 'x-request-id': 'request-1' } });
    client.on('error', () => {});
    client.on('response', (response) => response.once('data', () => client.destroy()));
    client.end();
    const line = await app.endLine('request-1');
    await app.finish();
    assert.equal(line.status, 499);
    const exposition = app.telemetry.metrics.exposition();
    const sum = seriesValue(exposition, 'http_response_size_bytes_sum{method="GET",path="/v1/models"}') ?? 0;
    assert.ok(sum >= 1_000);
  });

  test('was not left when the handler broke off and said why', async () => {
    const app = await startApp((routes) =>
      routes.get('/v1/models', (request, reply) => {
        reply.hijack();
        reply.raw.write('begun');
        request.ibex.error = new Error('the upstream died');
        setImmediate(() => reply.raw.destroy());
      }),
    );
    const response = await fetch(`${app.url}/v1/models`, { headers: { 'x-request-id': 'request-1' } });
    await assert.rejects(response.text());
    const line = await app.endLine('request-1');
    const [span] = await app.finish();
    assert.equal(line.status, 200);
    assert.deepEqual([span?.status, span?.statusMessage], ['error', 'the upstream died']);
  });
});

test('HEAD has the headers, the route and an empty body of a GET', async () => {
  const app = await startApp((routes) => routes.get('/v1/models', async () => ({ some: 'body' })));
  const response = await fetch(`${app.url}/v1/models`, { method: 'HEAD' });
  assert.equal(await response.text(), '');
  assert.ok(response.headers.get('x-request-id'));
  const [span] = await app.finish();
  assert.equal(span?.name, 'HEAD /v1/models');
  const exposition = app.telemetry.metrics.exposition();
  const labels = 'method="HEAD",path="/v1/models"';
  assert.equal(seriesValue(exposition, `http_requests_total{${labels},status="200"}`), 1);
  assert.equal(seriesValue(exposition, `http_response_size_bytes_sum{${labels}}`), 0);
});

test('requests on one connection have ids, spans and sizes of their own', async () => {
  const app = await startApp((routes) => routes.get('/v1/models', async () => 'twelve bytes'));
  const pool = new Pool(app.url, { connections: 1 });
  const ids = new Set<unknown>();
  for (let index = 0; index < 5; index++) {
    const response = await pool.request({ path: '/v1/models', method: 'GET' });
    await response.body.text();
    ids.add(response.headers['x-request-id']);
  }
  await pool.close();
  const spans = await app.finish();
  assert.equal(ids.size, 5);
  assert.equal(new Set(spans.map(({ traceId: id }) => id)).size, 5);
  const exposition = app.telemetry.metrics.exposition();
  const labels = 'method="GET",path="/v1/models"';
  assert.equal(seriesValue(exposition, `http_response_size_bytes_sum{${labels}}`), 60);
});

test('a hundred requests at a time are never mixed', async () => {
  const app = await startApp((routes) =>
    routes.post('/v1/chat/completions', async (request) => {
      const id = currentRequest()?.requestId;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
      app.telemetry.logger.info('inside', { reason: String(request.headers['x-request-id']) });
      return { before: id, after: currentRequest()?.requestId };
    }),
  );
  const send = async (id: string) => {
    const headers = { 'x-request-id': id, 'content-type': 'application/json' };
    const response = await fetch(`${app.url}/v1/chat/completions`, { method: 'POST', headers, body: '{}' });
    assert.deepEqual(await response.json(), { before: id, after: id });
    assert.equal(response.headers.get('x-request-id'), id);
  };
  await Promise.all(Array.from({ length: 100 }, (_, index) => send(`request-${index}`)));
  const spans = await app.finish();
  assert.equal(spans.length, 100);
  for (const line of app.destination.lines.filter(({ msg }) => msg === 'inside')) {
    assert.equal(line.request_id, line.reason);
  }
});

describe('inbound headers', () => {
  /** The server span of a raw request with these headers. */
  async function spanOf(headers: string) {
    const app = await startApp((routes) => routes.get('/v1/models', async () => ({})));
    const answer = await app.sendRaw(
      `GET /v1/models HTTP/1.1\r\nHost: x\r\nConnection: close\r\n${headers}\r\n`,
    );
    const [span] = await app.finish();
    assert.ok(span);
    return { span, answer };
  }

  test('a valid traceparent is continued, with its tracestate', async () => {
    const { span } = await spanOf(`traceparent: 00-${traceId}-${spanId}-01\r\ntracestate: a=1,b=2\r\n`);
    assert.deepEqual([span.traceId, span.parentSpanId, span.traceState], [traceId, spanId, 'a=1,b=2']);
  });

  const ignored: Readonly<Record<string, string>> = {
    malformed: `traceparent: 00-${traceId}-xyz-01\r\ntracestate: a=1\r\n`,
    'all zero': `traceparent: 00-${'0'.repeat(32)}-${spanId}-01\r\n`,
    repeated: `traceparent: 00-${traceId}-${spanId}-01\r\ntraceparent: 00-${traceId}-${spanId}-01\r\n`,
    'repeated, of a future version': `traceparent: 01-${traceId}-${spanId}-01-x\r\n`.repeat(2),
    empty: 'traceparent: \r\n',
  };
  for (const [title, headers] of Object.entries(ignored)) {
    test(`a traceparent that is ${title} starts a trace of our own`, async () => {
      const { span, answer } = await spanOf(headers);
      assert.notEqual(span.traceId, traceId);
      assert.deepEqual([span.parentSpanId, span.traceState], ['', '']);
      assert.ok(answer.startsWith('HTTP/1.1 200'));
    });
  }

  test('a valid request id is kept, also as correlation id', async () => {
    const { span, answer } = await spanOf('X-Request-ID: my-request.1\r\nX-Correlation-ID: operation-9\r\n');
    assert.match(answer, /^x-request-id: my-request\.1\r$/im);
    assert.equal(span.attributes['http.request_id'], 'my-request.1');
    assert.equal(span.attributes.correlation_id, 'operation-9');
  });

  for (const id of [
    'short',
    'x'.repeat(65),
    'a b c d e f',
    '<script>alert</script>',
    'twice-a1\r\nX-Request-ID: twice-b2',
  ]) {
    test(`a request id like ${JSON.stringify(id).slice(0, 30)} is replaced`, async () => {
      const { span, answer } = await spanOf(`X-Request-ID: ${id}\r\n`);
      assert.match(answer, /^x-request-id: [0-9a-f-]{36}\r$/im);
      assert.match(String(span.attributes['http.request_id']), /^[0-9a-f-]{36}$/);
    });
  }

  test('an announced length that cannot have come does not move the sum', async () => {
    const app = await startApp((routes) => routes.post('/v1/chat/completions', async () => ({})));
    const answer = await app.sendRaw(
      'POST /v1/chat/completions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9007199254740991\r\n\r\n{',
    );
    assert.ok(answer.startsWith('HTTP/1.1 413'));
    await app.finish();
    const series = 'http_request_size_bytes_sum{method="POST",path="/v1/chat/completions"}';
    const sum = seriesValue(app.telemetry.metrics.exposition(), series) ?? 0;
    assert.ok(sum < 1_000, String(sum));
  });
});

describe('probes and scrapes', () => {
  for (const path of ['/healthz', '/metrics', '/custom/metrics']) {
    test(`${path}: counted as what it is, neither logged nor traced unless a sampled caller asks`, async () => {
      const app = await startApp((routes) => routes.get(path, async () => 'ok'), {
        observability: { metrics: { path: '/custom/metrics' } },
      });
      await (await fetch(app.url + path)).text();
      const traceparent = `00-${traceId}-${spanId}-01`;
      await (await fetch(app.url + path, { headers: { traceparent } })).text();
      const spans = await app.finish();
      assert.deepEqual(
        spans.map(({ parentSpanId }) => parentSpanId),
        [spanId],
      );
      assert.equal(app.destination.lines.filter(({ msg }) => msg === 'request completed').length, 0);
      const known = path === '/healthz' ? path : '/metrics';
      const exposition = app.telemetry.metrics.exposition();
      assert.equal(
        seriesValue(exposition, `http_requests_total{method="GET",path="${known}",status="200"}`),
        2,
      );
      assert.doesNotMatch(exposition, /^ibex_contract_violations_total\{/m);
      assert.doesNotMatch(exposition, /^ibex_proxy_requests_total\{/m);
    });
  }
});
