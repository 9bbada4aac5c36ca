import type { IncomingMessage, ServerResponse } from 'node:http';
import { runInScope } from '../context/scope.ts';
import { acceptRequestId, createRequestId } from '../request-id/request-id.ts';
import type { Telemetry } from '../telemetry.ts';
import { clientClosedRequest, type RequestEnd } from './end.ts';
import type { HttpRequestRecord } from './record.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { endServerSpan, operationalRoutes, renameServerSpan, startServerSpan } from './server-span.ts';

/** What is recorded for a request that matches no route, instead of its path. */
export const unmatchedRoute = 'unmatched';

const maximumRouteLength = 256;

export interface ObserveOptions {
  /** The route template, where routing is done before the request is opened. */
  readonly route?: string | undefined;
  /** Asked once, when the request ends, where routing comes later; undefined when no route matched. */
  readonly routeAtEnd?: () => string | undefined;
}

/**
 * Opens the record of a request, puts `X-Request-ID` and `X-Trace-ID` on its response, and when the response closes,
 * once, writes metrics, log line and span from one record. All adapters are this function with their own routing.
 */
export type HttpObserver = (
  request: IncomingMessage,
  response: ServerResponse,
  options: ObserveOptions,
) => HttpRequestRecord;

/** Builds the observer of a process: the metric families are looked up once. */
export function createHttpObserver(telemetry: Telemetry): HttpObserver {
  const observe = createRequestMetrics(telemetry);
  return (request, response, options) => {
    const record = openRecord(telemetry, request, options);
    const bytesWrittenBefore = request.socket?.bytesWritten ?? 0;
    // On the raw response, so that hijacked and streamed answers carry them as well.
    response.setHeader('X-Request-ID', record.requestId);
    response.setHeader('X-Trace-ID', record.span.traceId);
    // `close` comes exactly once, after the last byte or when the client leaves; `finish` misses the latter.
    response.once('close', () => {
      if (options.routeAtEnd !== undefined) settleRoute(record, options.routeAtEnd());
      const end = closeRecord(record, { request, response, bytesWrittenBefore });
      observe(end);
      runInScope({ request: record, span: record.span }, () => logEnd(telemetry, end));
      endServerSpan(record.span, end);
    });
    return record;
  };
}

/** RequestContext, then Span. */
function openRecord(
  telemetry: Telemetry,
  request: IncomingMessage,
  { route }: ObserveOptions,
): HttpRequestRecord {
  const { headers } = request;
  const requestId = acceptRequestId(headers['x-request-id']) ?? createRequestId();
  const opened = {
    requestId,
    correlationId: acceptRequestId(headers['x-correlation-id']) ?? requestId,
    method: request.method ?? 'GET',
    route: (route ?? unmatchedRoute).slice(0, maximumRouteLength),
    startedAtMs: performance.now(),
    logFields: {},
    error: undefined,
  };
  const quiet = operationalRoutes.includes(route ?? pathOf(request));
  const span = startServerSpan(telemetry, { raw: request, request: opened, quiet });
  return Object.assign(opened, { span });
}

/** Only to be compared with known paths: it is never recorded. */
function pathOf(request: IncomingMessage): string {
  return request.url?.split('?', 1)[0] ?? '';
}

function settleRoute(record: HttpRequestRecord, route: string = unmatchedRoute): void {
  record.route = route.slice(0, maximumRouteLength);
  renameServerSpan(record.span, record);
}

function closeRecord(
  record: HttpRequestRecord,
  {
    request,
    response,
    bytesWrittenBefore,
  }: { request: IncomingMessage; response: ServerResponse; bytesWrittenBefore: number },
): RequestEnd {
  const bytesWritten = (request.socket?.bytesWritten ?? 0) - bytesWrittenBefore;
  return {
    request: record,
    statusCode: response.writableFinished ? response.statusCode : clientClosedRequest,
    durationSeconds: (performance.now() - record.startedAtMs) / 1000,
    requestBytes: Number(request.headers['content-length'] ?? 0) || 0,
    responseBytes: Number(response.getHeader('content-length')) || Math.max(bytesWritten, 0),
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
