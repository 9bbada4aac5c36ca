import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fastify, { type FastifyRequest } from 'fastify';
import { Agent, request } from 'undici';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { keep } from '../traces/index.ts';
import { tracedDispatcher } from './dispatcher.ts';
import { httpTelemetry } from './fastify.ts';

const environment = { OTEL_SAMPLE_RATIO: '0' };

/** Begins, and says in the stream itself that it cannot go on. */
async function* begin({ ibex }: FastifyRequest) {
  yield 'one';
  ibex.error = new Error('broken off');
  yield 'it is broken off';
}

async function* slowly() {
  yield 'one';
  await delay(320);
  yield 'two';
}

async function* markOnTheWay() {
  yield 'one';
  keep('odd');
}

/** One service that another one calls, neither sampling. */
async function start(context: TestContext, { acceptsVerdicts = true } = {}) {
  const [callee, caller] = [
    startTestTelemetry('auth', { environment }),
    startTestTelemetry('proxy', { environment }),
  ];
  const app = fastify();
  await app.register(httpTelemetry, { telemetry: callee.telemetry });
  app.get('/fine', async () => 'fine');
  app.get('/answered', (_request, reply) => reply.code(502).send('no'));
  app.get('/thrown', async () => {
    throw new Error('broken');
  });
  app.get('/marked', async () => {
    keep('odd');
    return 'fine';
  });
  app.get('/wrong', (_request, reply) => reply.code(404).send('no'));
  app.get('/healthz', (_request, reply) => reply.code(503).send('no'));
  app.get('/v1/models', async (request, reply) => {
    if (request.url.endsWith('?streamed')) return reply.send(Readable.from(slowly()));
    await delay(320);
    return 'at last';
  });
  app.get('/broken-off', (request, reply) => {
    reply.send(Readable.from(begin(request)));
    return reply;
  });
  app.get('/streamed', (_request, reply) => reply.send(Readable.from(['fine'])));
  app.get('/odd', (_request, reply) => reply.send(Readable.from(markOnTheWay())));
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const agent = new Agent();
  const dispatcher = tracedDispatcher(caller.telemetry, agent, { host: 'services', acceptsVerdicts });
  context.after(() => Promise.all([agent.destroy(), app.close()]));
  return async (path: string) => {
    const response = await request(`${url}${path}`, { dispatcher });
    await response.body.dump();
    await agent.close();
    await app.close();
    await Promise.all([callee.telemetry.stop(), caller.telemetry.stop()]);
    return {
      header: response.headers['x-ibex-keep'],
      announced: response.headers.trailer,
      trailer: response.trailers['x-ibex-keep'],
      traceId: response.headers['x-trace-id'],
      callee: callee.exporter.spans,
      caller: caller.exporter.spans,
    };
  };
}

const verdicts = [
  ['/answered', 'status'],
  ['/thrown', 'error'],
  ['/marked', 'marked:odd'],
  ['/v1/models', 'slow'],
] as const;

describe('the header X-Ibex-Keep', () => {
  for (const [path, reason] of verdicts) {
    test(`says ${reason} after ${path}, and both sides keep the trace`, async (context) => {
      const get = await start(context);
      const { header, traceId, callee, caller } = await get(path);
      assert.equal(header, reason);
      assert.equal(callee[0]?.attributes['ibex.keep_reason'], reason);
      assert.deepEqual([callee[0]?.traceId, caller[0]?.traceId], [traceId, traceId]);
      assert.equal(caller[0]?.spanId, callee[0]?.parentSpanId);
    });
  }

  for (const path of ['/fine', '/wrong', '/unknown', '/healthz']) {
    test(`is absent after ${path}, and nobody keeps the trace`, async (context) => {
      const get = await start(context);
      const { header, callee, caller } = await get(path);
      assert.equal(header, undefined);
      assert.deepEqual([callee.length, caller.length], [0, 0]);
    });
  }

  test("of somebody else's server is not believed where the dispatcher says so", async (context) => {
    const get = await start(context, { acceptsVerdicts: false });
    const { header, callee, caller } = await get('/answered');
    assert.equal(header, 'status');
    assert.deepEqual([callee.length, caller.length], [1, 0]);
  });
});

describe('the trailer X-Ibex-Keep of a streamed answer', () => {
  for (const [path, reason] of [
    ['/broken-off', 'error'],
    ['/odd', 'marked:odd'],
    ['/v1/models?streamed', 'slow'],
  ] as const) {
    test(`says ${reason} after ${path}, and both sides keep the trace`, async (context) => {
      const get = await start(context);
      const { header, announced, trailer, callee, caller } = await get(path);
      assert.deepEqual([header, announced, trailer], [undefined, 'X-Ibex-Keep', reason]);
      assert.equal(callee[0]?.attributes['ibex.keep_reason'], reason);
      assert.equal(caller[0]?.spanId, callee[0]?.parentSpanId);
    });
  }

  test('is absent after one that went well, and where the length of an answer is known', async (context) => {
    const streamed = await (await start(context))('/streamed');
    assert.deepEqual([streamed.announced, streamed.trailer], ['X-Ibex-Keep', undefined]);
    assert.deepEqual([streamed.callee.length, streamed.caller.length], [0, 0]);
    const whole = await (await start(context))('/fine');
    assert.deepEqual([whole.announced, whole.trailer], [undefined, undefined]);
  });

  test("of somebody else's server is not believed either", async (context) => {
    const get = await start(context, { acceptsVerdicts: false });
    const { trailer, callee, caller } = await get('/broken-off');
    assert.equal(trailer, 'error');
    assert.deepEqual([callee.length, caller.length], [1, 0]);
  });

  for (const [whom, first, trust] of [
    ['HTTP/1.0, which has no chunks', 'GET /odd HTTP/1.0', 'accept'],
    ['HEAD', 'HEAD /odd HTTP/1.1', 'accept'],
    ['callers whose trace is not continued', 'GET /odd HTTP/1.1', 'restart'],
  ] as const) {
    test(`is left out for ${whom}`, async (context) => {
      const { telemetry } = startTestTelemetry('proxy', {
        environment: { ...environment, IBEX_TRUST_INBOUND: trust },
      });
      const app = fastify();
      await app.register(httpTelemetry, { telemetry });
      app.get('/odd', (_request, reply) => reply.send(Readable.from(markOnTheWay())));
      const url = await app.listen({ host: '127.0.0.1', port: 0 });
      context.after(() => Promise.all([app.close(), telemetry.stop()]));
      const socket = connect(Number(new URL(url).port), '127.0.0.1');
      socket.write(`${first}\r\nHost: x\r\nConnection: close\r\n\r\n`);
      const answer = await text(socket);
      assert.match(answer, /^HTTP\/1\.1 200 /);
      assert.doesNotMatch(answer, /trailer|x-ibex-keep/i);
    });
  }
});
