import type { IncomingMessage } from 'node:http';
import { propagation, ROOT_CONTEXT } from '@opentelemetry/api';
import type { InboundBoundary } from '../boundaries/boundaries.ts';
import { callerOf } from '../boundaries/caller.ts';
import type { RequestRecord } from '../context/scope.ts';
import { excerpt } from '../privacy/text.ts';
import type { Telemetry } from '../telemetry.ts';
import { describeThrown } from '../traces/exception.ts';
import type { Span } from '../traces/span.ts';
import type { RequestEnd } from './end.ts';
import type { HttpRequestRecord } from './record.ts';

const maximumAgentLength = 200;

/** Probes and scrapes come every few seconds; they get a span only when a sampled caller asks for one. */
export const operationalRoutes: readonly string[] = ['/healthz', '/readyz', '/metrics'];

/**
 * Opens the server span `{method} {route}`: a child of the caller's span when a valid traceparent came and the listener
 * takes it, else the first of a trace, with a link to the caller's span where the listener restarts traces.
 */
export function startServerSpan(
  telemetry: Telemetry,
  {
    raw,
    request,
    quiet,
    boundary,
  }: { raw: IncomingMessage; request: RequestRecord; quiet: boolean; boundary: InboundBoundary },
): Span {
  const { headers } = raw;
  const span = telemetry.tracer.startSpan(`${request.method} ${request.route}`, {
    kind: 'server',
    // Node joins repeated traceparent headers with a comma, which no valid one contains.
    ...callerOf(boundary, headers.traceparent, headers.tracestate),
    quiet,
    apiContext: request.baggage && propagation.setBaggage(ROOT_CONTEXT, request.baggage),
  });
  if (!span.isRecording) return span;
  return span.setAttributes({
    'http.method': request.method,
    'http.request.method': request.method,
    'http.route': request.route,
    'http.request_id': request.requestId,
    correlation_id: request.correlationId,
    trace_id: span.traceId,
    span_id: span.spanId,
    'url.path': request.route,
    'user_agent.original': shownAgent(headers['user-agent']),
  });
}

/** A long one is cut after its secrets are out: half of one is not recognised. */
function shownAgent(agent: string | undefined): string | undefined {
  return agent === undefined || agent.length <= maximumAgentLength
    ? agent
    : excerpt(agent, maximumAgentLength);
}

/** Gives the span the name of a route that was found after the span was opened. */
export function renameServerSpan(span: Span, request: RequestRecord): void {
  if (!span.isRecording) return;
  span.updateName(`${request.method} ${request.route}`);
  span.setAttributes({ 'http.route': request.route, 'url.path': request.route });
}

/** Ends the server span from the request's end. */
export function endServerSpan(span: Span, end: RequestEnd): void {
  if (!span.isRecording) return;
  span.setAttributes({
    'http.status_code': end.statusCode,
    'http.response.status_code': end.statusCode,
    'ibex.outcome': end.request.outcome,
    org_id: end.request.orgId,
    user_id: end.request.userId,
  });
  if (end.error !== undefined) span.recordException(end.error);
  if (end.statusCode >= 500 || end.error !== undefined) {
    const { type, message } = failureOf(end);
    const { error_code: code = 'internal_error' } = (end.request as HttpRequestRecord).logFields;
    span.setAttributes({ 'error.type': type, error_code: code }).setStatus('error', message);
  }
  span.end();
}

function failureOf({ error, statusCode }: RequestEnd): { type: string; message: string } {
  return error === undefined
    ? { type: String(statusCode), message: `HTTP ${statusCode}` }
    : describeThrown(error);
}
