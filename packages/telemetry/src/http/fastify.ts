import type { IbexContract, LogFieldsOf } from '@ibex/contract';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import { type RequestRecord, runInScope } from '../context/scope.ts';
import { acceptRequestId, createRequestId } from '../request-id/request-id.ts';
import type { Telemetry } from '../telemetry.ts';
import type { Span } from '../traces/span.ts';
import { clientClosedRequest, type RequestEnd } from './end.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { endServerSpan, operationalRoutes, startServerSpan } from './server-span.ts';

/** What a handler finds at `request.ibex`. */
export interface HttpRequestRecord extends RequestRecord {
  readonly span: Span;
  readonly startedAtMs: number;
  /** Further fields for the line that is written when the request ends. */
  logFields: LogFieldsOf<IbexContract>;
  /** What was thrown; set by the plugin, or by a handler that answers an error itself. */
  error: unknown;
}

declare module 'fastify' {
  interface FastifyRequest {
    ibex: HttpRequestRecord;
  }
}

export interface HttpTelemetryOptions {
  readonly telemetry: Telemetry;
}

/** Opens the request's record: RequestContext, then Span. */
function openRequest(telemetry: Telemetry, request: FastifyRequest): HttpRequestRecord {
  const { headers } = request;
  const requestId = acceptRequestId(headers['x-request-id']) ?? createRequestId();
  const record = {
    requestId,
    correlationId: acceptRequestId(headers['x-correlation-id']) ?? requestId,
    method: request.method,
    route: request.is404 ? 'unmatched' : (request.routeOptions.url ?? 'unmatched'),
    startedAtMs: performance.now(),
    logFields: {},
    error: undefined,
  };
  const span = startServerSpan(telemetry, { raw: request.raw, request: record });
  return Object.assign(record, { span });
}

function responseHeaders(reply: FastifyReply, record: HttpRequestRecord): void {
  // On the raw response, so that hijacked and streamed answers carry them as well.
  reply.raw.setHeader('X-Request-ID', record.requestId);
  reply.raw.setHeader('X-Trace-ID', record.span.traceId);
}

function closeRequest(request: FastifyRequest, reply: FastifyReply, bytesWrittenBefore: number): RequestEnd {
  const record = request.ibex;
  const { raw } = reply;
  const bytesWritten = (request.raw.socket?.bytesWritten ?? 0) - bytesWrittenBefore;
  return {
    request: record,
    statusCode: raw.writableFinished ? raw.statusCode : clientClosedRequest,
    durationSeconds: (performance.now() - record.startedAtMs) / 1000,
    requestBytes: Number(request.headers['content-length'] ?? 0) || 0,
    responseBytes: Number(raw.getHeader('content-length')) || Math.max(bytesWritten, 0),
    error: record.error,
  };
}

function logEnd({ logger }: Telemetry, end: RequestEnd): void {
  const { request, statusCode, durationSeconds, error } = end;
  if (operationalRoutes.includes(request.route) && error === undefined) return;
  const fields = {
    method: request.method,
    route: request.route,
    status: statusCode,
    duration_ms: Math.round(durationSeconds * 1e6) / 1000,
    ...(request.outcome === undefined ? {} : { outcome: request.outcome }),
    ...(request as HttpRequestRecord).logFields,
    ...(error === undefined ? {} : { error }),
  };
  if (statusCode >= 500) logger.error('request failed', fields);
  else logger.info('request completed', fields);
}

function install(app: FastifyInstance, { telemetry }: HttpTelemetryOptions): void {
  const observe = createRequestMetrics(telemetry);
  app.decorateRequest('ibex', null as unknown as HttpRequestRecord);

  app.addHook('onRequest', (request, reply, done) => {
    const record = openRequest(telemetry, request);
    request.ibex = record;
    const bytesWrittenBefore = request.raw.socket?.bytesWritten ?? 0;
    responseHeaders(reply, record);
    // `close` comes exactly once, after the last byte or when the client leaves; `onResponse` misses the latter.
    reply.raw.once('close', () => {
      const end = closeRequest(request, reply, bytesWrittenBefore);
      observe(end);
      runInScope({ request: record, span: record.span }, () => logEnd(telemetry, end));
      endServerSpan(record.span, end);
    });
    runInScope({ request: record, span: record.span }, done);
  });

  // A parsed body arrives on the socket's own async context; enter the request's again.
  app.addHook('preValidation', (request, _reply, done) => {
    runInScope({ request: request.ibex, span: request.ibex.span }, done);
  });

  app.addHook('onError', (request, _reply, error, done) => {
    if (((error as { statusCode?: number }).statusCode ?? 500) >= 500) request.ibex.error ??= error;
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
