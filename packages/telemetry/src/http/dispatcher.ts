import type { Dispatcher } from 'undici';
import { currentRequest } from '../context/scope.ts';
import { parseKeepReason } from '../flight-recorder/keep-reason.ts';
import type { Telemetry } from '../telemetry.ts';
import { formatTraceparent } from '../traces/propagation.ts';
import type { Span } from '../traces/span.ts';
import { calledServer } from './called-server.ts';
import { withHeaders } from './outbound-headers.ts';
import { failSpan, TracedHandler } from './traced-handler.ts';

/** Trace context and request id, as they travel with a request: names and values in turn. */
function contextHeaders(span: Span): string[] {
  const requestId = currentRequest()?.requestId;
  const own = ['traceparent', formatTraceparent(span)];
  if (span.traceState !== '') own.push('tracestate', span.traceState);
  if (requestId !== undefined) own.push('x-request-id', requestId);
  return own;
}

function startClientSpan(telemetry: Telemetry, { method, origin, path }: Dispatcher.DispatchOptions): Span {
  const server = calledServer(origin);
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
   * Whether an answer's `X-Ibex-Keep` keeps the trace here as well. True for services of one's own; false for servers of
   * others, which could have everything kept. Default: true.
   */
  readonly acceptsVerdicts?: boolean;
}

/**
 * An undici dispatcher that opens a client span per request, and sends a fresh `traceparent` and the request's
 * `X-Request-ID` along. Bodies are neither read nor copied.
 */
export function tracedDispatcher(
  telemetry: Telemetry,
  dispatcher: Dispatcher,
  { acceptsVerdicts = true }: TracedDispatcherOptions = {},
): Dispatcher {
  const hear = (span: Span, verdict: unknown) => {
    const reason = parseKeepReason(verdict);
    if (reason !== undefined) telemetry.flightRecorder?.hear(span, reason);
  };
  const onVerdict = acceptsVerdicts ? hear : undefined;
  return dispatcher.compose((dispatch) => (options, handler) => {
    const span = startClientSpan(telemetry, options);
    const headers = withHeaders(options.headers, contextHeaders(span));
    try {
      return dispatch({ ...options, headers }, new TracedHandler(handler, { span, onVerdict }));
    } catch (error) {
      failSpan(span, error);
      throw error;
    }
  });
}
