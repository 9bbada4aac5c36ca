import type { components } from '@ibex/api/collector';
import type { FastifyInstance } from 'fastify';
import type { Store } from '../store/types.ts';
import { requireToken } from './authentication.ts';
import { logVolume, searchLogs } from './logs.ts';
import { listMetrics, metricRange } from './metrics.ts';
import { Parameters } from './parameters.ts';
import { invalidParameter, notFound, sendProblem, shown } from './problems.ts';
import { searchSpans } from './spans.ts';
import { presentTrace } from './traces.ts';

type Schemas = components['schemas'];

export interface QueryRoutesOptions {
  store: Store;
  /** What callers must send as bearer token: IBEX_COLLECTOR_QUERY_TOKEN. At least 16 characters. */
  queryToken: string;
}

/** Fastify plugin with the routes of api/openapi/collector.yaml, under `/api/v1`. Errors have the API's shape. */
export async function queryRoutes(
  app: FastifyInstance,
  { store, queryToken }: QueryRoutesOptions,
): Promise<void> {
  const authenticate = requireToken(queryToken);
  await app.register(
    async (routes) => {
      routes.addHook('onRequest', authenticate);
      routes.setErrorHandler(sendProblem);
      routes.setNotFoundHandler((request) => {
        throw notFound(`There is no ${request.method} ${shown(request.url)}. See api/openapi/collector.yaml`);
      });
      addRoutes(routes, store);
    },
    { prefix: '/api/v1' },
  );
}

function addRoutes(routes: FastifyInstance, store: Store): void {
  routes.get('/services', (request) => listServices(request.query, store));
  routes.get<{ Params: { traceId: string } }>('/traces/:traceId', (request) =>
    getTrace(request.params.traceId, { query: request.query, store }),
  );
  routes.get('/spans', (request) => searchSpans(request.query, store));
  routes.get('/logs', (request) => searchLogs(request.query, store));
  routes.get('/logs/volume', (request) => logVolume(request.query, store));
  routes.get('/metrics', (request) => listMetrics(request.query, store));
  routes.get<{ Params: { name: string } }>('/metrics/:name/range', (request) =>
    metricRange(request.params.name, { query: request.query, store }),
  );
}

async function listServices(query: unknown, store: Store): Promise<Schemas['ServiceList']> {
  new Parameters(query, []);
  return { services: await store.listServices() };
}

async function getTrace(
  traceId: string,
  { query, store }: { query: unknown; store: Store },
): Promise<Schemas['Trace']> {
  new Parameters(query, []);
  if (!/^[0-9a-f]{32}$/.test(traceId)) {
    throw invalidParameter(`'traceId' must be 32 lower-case hex digits: it is ${shown(traceId)}. Correct it`);
  }
  const trace = await store.getTrace(traceId);
  if (trace !== undefined) return presentTrace(trace);
  throw notFound(
    `No span of trace ${traceId} is stored: it was not sampled, has expired, or has not arrived yet`,
  );
}
