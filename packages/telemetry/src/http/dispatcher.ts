import type { Dispatcher } from 'undici';
import { formatBaggage } from '../boundaries/baggage.ts';
import type { OutboundBoundary } from '../boundaries/boundaries.ts';
import { currentBaggage } from '../boundaries/current-baggage.ts';
import { currentRequest } from '../context/scope.ts';
import { parseKeepReason } from '../flight-recorder/keep-reason.ts';
import type { Telemetry } from '../telemetry.ts';
import { formatTraceparent } from '../traces/propagation.ts';
import type { Span } from '../traces/span.ts';
import { type CalledServer, calledServer } from './called-server.ts';
import { withHeaders } from './outbound-headers.ts';
import { failSpan, TracedHandler } from './traced-handler.ts';

/** What travels with a request: names and values in turn. */
function contextHeaders(
  span: Span,
  { telemetry, boundary }: { telemetry: Telemetry; boundary: OutboundBoundary },
): string[] {
  const own: string[] = [];
  if (boundary.traceparent) own.push('traceparent', formatTraceparent(span));
  if (boundary.tracestate && span.traceState !== '') own.push('tracestate', span.traceState);
  const request = currentRequest();
  if (request !== undefined) {
    if (boundary.requestId) own.push('x-request-id', request.requestId);
    if (boundary.tenant && request.orgId !== undefined) own.push('x-org-id', request.orgId);
  }
  const baggage = boundary.baggage ? currentBaggage() : undefined;
  const text = baggage && formatBaggage(baggage, telemetry.boundaries.baggageKeys);
  if (text !== undefined) own.push('baggage', text);
  return own;
}

function startClientSpan(
  telemetry: Telemetry,
  { method, path, server }: { method: string; path: string; server: CalledServer },
): Span {
  const queryAt = path.indexOf('?');
  return telemetry.tracer.startSpan(method, {
    kind: 'client',
    attributes: {
      'http.request.method': method,
      'server.address': server.address,
      'server.port': server.port,
      // Without query: it may carry keys.
      'url.full': server.origin + (queryAt === -1 ? path : path.slice(0, queryAt)),
    },
  });
}

export interface TracedDispatcherOptions {
  /**
   * What is called, by its name in the contract's `boundaries.hosts`, which say what it is told. Default: the host name of
   * each request decides, and a host that nobody declared is told nothing.
   */
  readonly host?: string;
  /**
   * Whether the answer's `X-Ibex-Keep` of a host that is told the trace keeps it here as well; false for servers of others,
   * which could have everything kept. Default: true.
   */
  readonly acceptsVerdicts?: boolean;
}

/**
 * An undici dispatcher that opens a client span per request, and sends along what its host may know: a fresh
 * `traceparent`, the request's `X-Request-ID`, baggage. Trace context that code has set for any other host is taken off.
 * Bodies are neither read nor copied.
 *
 * @throws {TypeError} when the contract has no such host.
 */
export function tracedDispatcher(
  telemetry: Telemetry,
  dispatcher: Dispatcher,
  { host, acceptsVerdicts = true }: TracedDispatcherOptions = {},
): Dispatcher {
  const boundaryOf = telemetry.boundaries.outbound(host);
  const hear = (span: Span, verdict: unknown) => {
    const reason = parseKeepReason(verdict);
    if (reason !== undefined) telemetry.flightRecorder?.hear(span, reason);
  };
  return dispatcher.compose((dispatch) => (options, handler) => {
    const server = calledServer(options.origin);
    const boundary = boundaryOf(server.address);
    const span = startClientSpan(telemetry, { method: options.method, path: options.path, server });
    const own = contextHeaders(span, { telemetry, boundary });
    const headers = withHeaders(options.headers, { own, withheld: boundary.withheld });
    const onVerdict = acceptsVerdicts && boundary.traceparent ? hear : undefined;
    try {
      return dispatch({ ...options, headers }, new TracedHandler(handler, { span, onVerdict }));
    } catch (error) {
      failSpan(span, error);
      throw error;
    }
  });
}
