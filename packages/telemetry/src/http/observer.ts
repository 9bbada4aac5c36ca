import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseBaggage } from '../boundaries/baggage.ts';
import type { InboundBoundary } from '../boundaries/boundaries.ts';
import { acceptOrgId } from '../boundaries/caller.ts';
import { runAtOnce } from '../context/scope.ts';
import { acceptRequestId, createRequestId } from '../request-id/request-id.ts';
import type { Telemetry } from '../telemetry.ts';
import { clientClosedRequest, type RequestEnd } from './end.ts';
import type { HttpRequestRecord } from './record.ts';
import { createRequestMetrics } from './request-metrics.ts';
import { endServerSpan, operationalRoutes, renameServerSpan, startServerSpan } from './server-span.ts';

/** What is recorded for a request that matches no route, instead of its path. */
export const unmatchedRoute = 'unmatched';

const maximumRouteLength = 256;
const metricsRoute = '/metrics';
const internalError = 500;

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

export interface ListenerOptions {
  /**
   * The listener's name in the contract's `boundaries.listeners`, which say what is believed of its callers. Default:
   * the first of the service over HTTP.
   */
  readonly listener?: string | undefined;
}

/** Builds the observer of a listener: its boundary and the metric families are looked up once. */
export function createHttpObserver(telemetry: Telemetry, { listener }: ListenerOptions = {}): HttpObserver {
  const observe = createRequestMetrics(telemetry);
  const boundary = telemetry.boundaries.inbound({ protocol: 'http', name: listener });
  return (request, response, options) => {
    const record = openRecord(telemetry, request, { ...options, boundary });
    const { socket } = request;
    const bytesWrittenBefore = socket?.bytesWritten ?? 0;
    // On the raw response, so that hijacked and streamed answers carry them as well.
    response.setHeader('X-Request-ID', record.requestId);
    response.setHeader('X-Trace-ID', record.span.traceId);
    // `close` comes exactly once, after the last byte or when the client leaves; `finish` misses the latter.
    response.on('close', () => {
      if (options.routeAtEnd !== undefined) settleRoute(telemetry, record, options.routeAtEnd());
      const bytesWritten = (socket?.bytesWritten ?? 0) - bytesWrittenBefore;
      const end = closeRecord(record, { request, response, bytesWritten });
      // In the request's own scope, which gives the metrics their exemplars and the line its ids.
      runAtOnce({ request: record, span: record.span }, () => {
        observe(end);
        logEnd(telemetry, end);
      });
      endServerSpan(record.span, end);
    });
    return record;
  };
}

/** RequestContext, then Span. */
function openRecord(
  telemetry: Telemetry,
  request: IncomingMessage,
  { route, boundary }: ObserveOptions & { readonly boundary: InboundBoundary },
): HttpRequestRecord {
  const { headers } = request;
  const takesIds = boundary.requestId;
  const requestId = (takesIds ? acceptRequestId(headers['x-request-id']) : undefined) ?? createRequestId();
  const opened: Omit<HttpRequestRecord, 'span'> = {
    requestId,
    correlationId: (takesIds ? acceptRequestId(headers['x-correlation-id']) : undefined) ?? requestId,
    method: request.method ?? 'GET',
    route: canonicalRoute(telemetry, route ?? unmatchedRoute),
    startedAtMs: performance.now(),
    callerTrusted: boundary.traceparent === 'accept',
    logFields: {},
    error: undefined,
  };
  takeContext(opened, { telemetry, boundary, headers });
  const quiet = operationalRoutes.includes(canonicalRoute(telemetry, route ?? pathOf(request)));
  const span = startServerSpan(telemetry, { raw: request, request: opened, quiet, boundary });
  return Object.assign(opened, { span });
}

/** The organisation and the baggage of a caller who is believed. */
function takeContext(
  record: Omit<HttpRequestRecord, 'span'>,
  {
    telemetry,
    boundary,
    headers,
  }: { telemetry: Telemetry; boundary: InboundBoundary; headers: IncomingMessage['headers'] },
): void {
  if (boundary.tenant && headers['x-org-id'] !== undefined) {
    const orgId = acceptOrgId(headers['x-org-id']);
    if (orgId !== undefined) record.orgId = orgId;
  }
  if (boundary.baggage && headers.baggage !== undefined) {
    const baggage = parseBaggage(headers.baggage, telemetry.boundaries.baggageKeys);
    if (baggage !== undefined) record.baggage = baggage;
  }
}

/** Only to be compared with known paths: it is never recorded. */
function pathOf(request: IncomingMessage): string {
  return request.url?.split('?', 1)[0] ?? '';
}

/** Scrapes are `/metrics` wherever the configuration has put them, so that they are known as what they are. */
function canonicalRoute({ settings }: Telemetry, route: string): string {
  return route === settings.metrics.path ? metricsRoute : route.slice(0, maximumRouteLength);
}

function settleRoute(telemetry: Telemetry, record: HttpRequestRecord, route: string = unmatchedRoute): void {
  record.route = canonicalRoute(telemetry, route);
  renameServerSpan(record.span, record);
}

interface ClosedExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly bytesWritten: number;
}

function closeRecord(record: HttpRequestRecord, exchange: ClosedExchange): RequestEnd {
  const { request, response } = exchange;
  const statusCode = statusOf(record, response);
  return {
    request: record,
    statusCode,
    durationSeconds: (performance.now() - record.startedAtMs) / 1000,
    requestBytes: requestBytesOf(request),
    responseBytes: responseBytesOf(exchange),
    error: record.error ?? (statusCode >= internalError ? record.thrown : undefined),
  };
}

/**
 * What was sent; 499 when the client left. An answer that a handler broke off, and said why, was not left by the client:
 * it counts by the status that was sent, or as a failure when none was.
 */
function statusOf({ error }: HttpRequestRecord, response: ServerResponse): number {
  if (response.writableFinished) return response.statusCode;
  if (error === undefined) return clientClosedRequest;
  return response.headersSent ? response.statusCode : internalError;
}

/** What the client announced, as far as it can have come: an announcement alone must not move the sum. */
function requestBytesOf({ headers, socket }: IncomingMessage): number {
  const announced = Number(headers['content-length']) || 0;
  return Math.min(announced, socket?.bytesRead ?? announced);
}

/** The body's length where it was announced and sent; else what went over the wire, head and framing included. */
function responseBytesOf({ request, response, bytesWritten }: ClosedExchange): number {
  const written = Math.max(bytesWritten, 0);
  if (request.method === 'HEAD' || [204, 304].includes(response.statusCode)) return 0;
  const announced = Number(response.getHeader('content-length') ?? Number.NaN);
  return announced >= 0 ? Math.min(announced, written) : written;
}

/** Reading telemetry must not fill it: what these services answer well is worth a line only at DEBUG. */
const readers: readonly string[] = ['collector', 'console'];

function logEnd({ logger, service }: Telemetry, end: RequestEnd): void {
  const { request, statusCode, durationSeconds, error } = end;
  if (operationalRoutes.includes(request.route) && error === undefined) return;
  const fields: Record<string, unknown> = {
    method: request.method,
    route: request.route,
    status: statusCode,
    duration_ms: Math.round(durationSeconds * 1e6) / 1000,
  };
  if (request.outcome !== undefined) fields.outcome = request.outcome;
  Object.assign(fields, (request as HttpRequestRecord).logFields);
  if (error !== undefined) fields.error = error;
  if (statusCode >= 500) logger.error('request failed', fields);
  else if (readers.includes(service) && request.method === 'GET' && statusCode < 400) {
    logger.debug('request completed', fields);
  } else logger.info('request completed', fields);
}
