import assert from 'node:assert/strict';
import type { TestContext } from 'node:test';
import type { components } from '@ibex/api/collector';
import fastify, { type FastifyInstance } from 'fastify';
import {
  batch,
  chatCompletionTrace,
  log,
  metadata,
  NOON_UNIX_MS,
  nano,
  sample,
} from '../../store/testing/records.ts';
import { temporaryStore } from '../../store/testing/temporary-store.ts';
import { queryRoutes } from '../query-routes.ts';

type Schemas = components['schemas'];

export const TOKEN = 'a-query-token-for-the-tests';
export const RANGE = `start=${NOON_UNIX_MS}&end=${NOON_UNIX_MS + 60_000}`;

export async function newApi(context: TestContext, options: Parameters<typeof temporaryStore>[1] = {}) {
  const store = await temporaryStore(context, options);
  const app = fastify({ routerOptions: { maxParamLength: 500 } });
  await app.register(queryRoutes, { store, queryToken: TOKEN });
  context.after(() => app.close());
  return { app, store };
}

async function get<Body>(app: FastifyInstance, path: string): Promise<{ statusCode: number; body: Body }> {
  const reply = await app.inject({ url: `/api/v1${path}`, headers: { authorization: `Bearer ${TOKEN}` } });
  return { statusCode: reply.statusCode, body: reply.json<Body>() };
}

export async function ok<Body>(app: FastifyInstance, path: string): Promise<Body> {
  const { statusCode, body } = await get<Body>(app, path);
  assert.equal(statusCode, 200, JSON.stringify(body));
  return body;
}

export async function problem(app: FastifyInstance, path: string) {
  const { statusCode, body } = await get<Schemas['Error']>(app, path);
  assert.deepEqual(Object.keys(body.error), ['code', 'message', 'requestId']);
  return { statusCode, ...body.error };
}

/** A failed request with its log lines and the metrics it moved. */
export async function apiWithRequest(context: TestContext) {
  const { app, store } = await newApi(context);
  const trace = chatCompletionTrace();
  const { traceId, requestId, serverSpanId: spanId } = trace;
  const at = (offsetMs: number) => ({ timeUnixNano: nano(NOON_UNIX_MS + offsetMs), traceId, requestId });
  await store.append(
    batch({
      spans: trace.spans,
      logs: [
        log({ ...at(3), serviceName: 'auth', message: 'token accepted' }),
        log({ ...at(178), spanId, level: 'ERROR', message: 'upstream ended', attributes: { status: 502 } }),
      ],
      metadata: [metadata('http_requests_total', 'counter', 'Requests.')],
      samples: [0, 1, 2].map((index) =>
        sample('http_requests_total', {
          service: 'proxy',
          value: index * 30,
          unixMs: NOON_UNIX_MS + index * 15_000,
        }),
      ),
    }),
  );
  return { app, store, ...trace };
}
