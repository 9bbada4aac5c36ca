import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import fastify from 'fastify';
import { Agent, request } from 'undici';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { keep } from '../traces/index.ts';
import { tracedDispatcher } from './dispatcher.ts';
import { httpTelemetry } from './fastify.ts';

const environment = { OTEL_SAMPLE_RATIO: '0' };

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
  app.get('/v1/models', async () => {
    await delay(320);
    return 'at last';
  });
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
