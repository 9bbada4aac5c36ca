import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { runInScope } from '../context/scope.ts';
import type { Telemetry } from '../telemetry.ts';
import { setKeepHeader } from './keep-header.ts';
import { isStream, setKeepTrailer } from './keep-trailer.ts';
import { createHttpObserver, type ListenerOptions, unmatchedRoute } from './observer.ts';
import type { HttpRequestRecord } from './record.ts';
import { watchStream } from './watch-stream.ts';

declare module 'fastify' {
  interface FastifyRequest {
    ibex: HttpRequestRecord;
  }
}

export interface HttpTelemetryOptions extends ListenerOptions {
  readonly telemetry: Telemetry;
}

function install(app: FastifyInstance, { telemetry, listener }: HttpTelemetryOptions): void {
  const observe = createHttpObserver(telemetry, { listener });
  app.decorateRequest('ibex', null as unknown as HttpRequestRecord);

  app.addHook('onRequest', (request, reply, done) => {
    const route = request.is404 ? unmatchedRoute : (request.routeOptions.url ?? unmatchedRoute);
    const record = observe(request.raw, reply.raw, { route });
    request.ibex = record;
    runInScope({ request: record, span: record.span }, done);
  });

  // A parsed body arrives on the socket's own async context; enter the request's again.
  app.addHook('preValidation', (request, _reply, done) => {
    runInScope({ request: request.ibex, span: request.ibex.span }, done);
  });

  app.addHook('onSend', (request, reply, payload, done) => {
    watchStream(payload, (error) => {
      if (!reply.raw.destroyed) request.ibex.error ??= error;
    });
    const answer = { record: request.ibex, response: reply.raw };
    setKeepHeader(telemetry, { ...answer, statusCode: reply.statusCode });
    if (isStream(payload) && !reply.hasHeader('content-length')) setKeepTrailer(telemetry, answer);
    done();
  });

  app.addHook('onError', (request, _reply, error, done) => {
    request.ibex.thrown ??= error;
    done();
  });
}

/**
 * Fastify plugin for the telemetry of a server, in the order RequestContext → Span → metrics → ResponseHeaders →
 * logging → router. Register it first. Every response gets `X-Request-ID` and `X-Trace-ID`; probes and scrapes are
 * counted but neither logged nor traced.
 */
export const httpTelemetry = fastifyPlugin(
  async (app: FastifyInstance, options: HttpTelemetryOptions) => install(app, options),
  { name: 'ibex-http-telemetry', fastify: '5.x' },
);
