import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, test } from 'node:test';
import { Agent, fetch, Pool, request } from 'undici';
import { runInScope } from '../context/scope.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { tracedDispatcher } from './dispatcher.ts';

/** A server that answers by `listener`, a traced dispatcher, and the headers that arrived. */
async function start(listener: RequestListener = (_request, response) => response.end('{}')) {
  const { telemetry, exporter } = startTestTelemetry('proxy');
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((incoming, response) => {
    received.push(incoming.headers);
    listener(incoming, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const agent = new Agent();
  return {
    ...{ telemetry, received, origin, port, agent },
    dispatcher: tracedDispatcher(telemetry, agent, { host: 'services' }),
    async finish() {
      await agent.destroy();
      server.closeAllConnections();
      server.close();
      await telemetry.stop();
      return exporter.spans;
    },
  };
}

describe('a request', () => {
  test('has a client span, child of the active one, and carries it on', async () => {
    const { telemetry, dispatcher, origin, port, received, finish } = await start();
    const record = { requestId: 'request-1', correlationId: 'operation-1', method: 'GET', route: '/' };
    await runInScope({ request: record }, () =>
      telemetry.tracer.withSpan('outer', {}, async () => {
        const { body } = await request(`${origin}/v1/models?api_key=canary`, { dispatcher });
        await body.text();
      }),
    );
    const [client, outer] = await finish();
    assert.deepEqual([client?.name, client?.kind, client?.status], ['GET', 'client', 'unset']);
    assert.equal(client?.parentSpanId, outer?.spanId);
    assert.deepEqual(client?.attributes, {
      'http.request.method': 'GET',
      'server.address': '127.0.0.1',
      'server.port': port,
      'url.full': `${origin}/v1/models`,
      'http.response.status_code': 200,
    });
    assert.equal(received[0]?.traceparent, `00-${client?.traceId}-${client?.spanId}-03`);
    assert.equal(received[0]?.['x-request-id'], 'request-1');
  });

  test('has a span and a traceparent of its own at every attempt', async () => {
    const { dispatcher, origin, received, finish } = await start();
    for (let attempt = 0; attempt < 3; attempt++) await (await request(origin, { dispatcher })).body.text();
    const spans = await finish();
    assert.equal(new Set(spans.map(({ spanId }) => spanId)).size, 3);
    assert.equal(new Set(received.map(({ traceparent }) => traceparent)).size, 3);
    assert.equal(received[0]?.['x-request-id'], undefined);
  });

  const shapes: Readonly<Record<string, never>> = {
    'a table': { 'X-Own': ['one', 'two'], Traceparent: 'stale', 'X-Request-Id': 'stale-id' } as never,
    'a flat list': [
      'X-Own',
      'one',
      'X-Own',
      'two',
      'TRACEPARENT',
      'stale',
      'X-Request-Id',
      'stale-id',
    ] as never,
    'a map': new Map<string, unknown>([
      ['X-Own', ['one', 'two']],
      ['Traceparent', 'stale'],
    ]) as never,
    none: undefined as never,
  };
  for (const [title, headers] of Object.entries(shapes)) {
    test(`keeps its own headers, given as ${title}, and has each of ours once`, async () => {
      const { dispatcher, origin, received, finish } = await start();
      const record = { requestId: 'request-1', correlationId: 'x', method: 'GET', route: '/' };
      await runInScope({ request: record }, async () => {
        await (await request(origin, { dispatcher, headers })).body.text();
      });
      const [span] = await finish();
      assert.equal(received[0]?.['x-own'], title === 'none' ? undefined : 'one, two');
      assert.equal(received[0]?.traceparent, `00-${span?.traceId}-${span?.spanId}-03`);
      assert.equal(received[0]?.['x-request-id'], 'request-1');
    });
  }

  test('of a pool names the origin of the pool', async () => {
    const { telemetry, origin, finish } = await start();
    const pool = new Pool(origin);
    const traced = tracedDispatcher(telemetry, pool, { host: 'services' });
    const { body } = await traced.request({ path: '/a?b=c', method: 'POST', body: 'x' });
    await body.text();
    await pool.close();
    const [span] = await finish();
    assert.equal(span?.attributes['url.full'], `${origin}/a`);
  });
});

describe('the answer', () => {
  test('is passed on untouched, also by fetch, and the span ends with its last byte', async () => {
    const chunks = Array.from({ length: 50 }, (_, index) => Buffer.alloc(10_000, index));
    const { telemetry, dispatcher, origin, finish } = await start((_incoming, response) => {
      response.writeHead(200, { 'x-answer': 'yes', trailer: 'x-trailer' });
      for (const chunk of chunks) response.write(chunk);
      response.addTrailers({ 'x-trailer': 'end' });
      response.end();
    });
    const fetched = await fetch(origin, { dispatcher });
    assert.equal(fetched.headers.get('x-answer'), 'yes');
    assert.deepEqual(Buffer.from(await fetched.arrayBuffer()), Buffer.concat(chunks));

    const { body, trailers, headers } = await request(origin, { dispatcher });
    const bytes = Buffer.from(await body.arrayBuffer());
    assert.deepEqual(bytes, Buffer.concat(chunks));
    assert.equal(headers['x-answer'], 'yes');
    assert.deepEqual(trailers, { 'x-trailer': 'end' });
    const spans = await finish();
    assert.equal(spans.length, 2);
    assert.ok(telemetry);
  });

  for (const status of [204, 304, 404, 503]) {
    test(`of ${status} is ${status < 400 ? 'no error' : 'an error'} of the span`, async () => {
      const { dispatcher, origin, finish } = await start((_incoming, response) =>
        response.writeHead(status).end(),
      );
      await (await request(origin, { dispatcher })).body.dump();
      const [span] = await finish();
      assert.equal(span?.attributes['http.response.status_code'], status);
      assert.equal(span?.status, status < 400 ? 'unset' : 'error');
      assert.equal(span?.attributes['error.type'], status < 400 ? undefined : String(status));
    });
  }

  test('that breaks off fails the span', async () => {
    const { dispatcher, origin, finish } = await start((_incoming, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('begun');
      setTimeout(() => response.destroy(), 20);
    });
    const { body } = await request(origin, { dispatcher });
    await assert.rejects(body.text());
    const [span] = await finish();
    assert.equal(span?.status, 'error');
    assert.equal(span?.attributes['http.response.status_code'], 200);
  });

  test('that the caller aborts fails the span', async () => {
    const { dispatcher, origin, finish } = await start((_incoming, response) => {
      response.write('begun');
    });
    const controller = new AbortController();
    const { body } = await request(origin, { dispatcher, signal: controller.signal });
    controller.abort();
    await assert.rejects(body.text());
    const [span] = await finish();
    assert.equal(span?.attributes['error.type'], 'AbortError');
  });
});

test('a server that cannot be reached fails the span', async () => {
  const { dispatcher, port, finish } = await start();
  await assert.rejects(request('http://127.0.0.1:1', { dispatcher }));
  const [span] = await finish();
  assert.ok(port > 0);
  assert.equal(span?.status, 'error');
  assert.match(span?.statusMessage ?? '', /ECONNREFUSED|connect/);
});
