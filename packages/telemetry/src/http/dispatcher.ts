import type { Dispatcher } from 'undici';
import { currentRequest } from '../context/scope.ts';
import { keepHeader, parseKeepReason } from '../flight-recorder/keep-reason.ts';
import type { Telemetry } from '../telemetry.ts';
import { formatTraceparent } from '../traces/propagation.ts';
import type { Span } from '../traces/span.ts';

type Headers = Record<string, string | string[] | undefined>;

function toRecord(headers: Dispatcher.DispatchOptions['headers']): Headers {
  if (headers === undefined || headers === null) return {};
  if (Array.isArray(headers)) {
    const record: Headers = {};
    for (let index = 0; index < headers.length; index += 2)
      record[String(headers[index])] = String(headers[index + 1]);
    return record;
  }
  return Symbol.iterator in headers
    ? Object.fromEntries(headers as Iterable<[string, string | string[] | undefined]>)
    : { ...(headers as Headers) };
}

function startClientSpan(telemetry: Telemetry, options: Dispatcher.DispatchOptions): Span {
  const origin = new URL(String(options.origin ?? 'http://unknown'));
  return telemetry.tracer.startSpan(options.method, {
    kind: 'client',
    attributes: {
      'http.request.method': options.method,
      'server.address': origin.hostname,
      'server.port': Number(origin.port) || (origin.protocol === 'https:' ? 443 : 80),
      // Without query: it may carry keys.
      'url.full': `${origin.origin}${options.path.split('?')[0]}`,
    },
  });
}

/** Ends the span when the response is complete or has failed; passes everything else through untouched. */
function observe(
  handler: Dispatcher.DispatchHandler,
  { span, onVerdict }: { span: Span; onVerdict: (verdict: unknown) => void },
): Dispatcher.DispatchHandler {
  return {
    onRequestStart: (controller, context) => handler.onRequestStart?.(controller, context),
    onRequestUpgrade: (controller, statusCode, headers, socket) =>
      handler.onRequestUpgrade?.(controller, statusCode, headers, socket),
    onResponseStart: (controller, statusCode, headers, statusMessage) => {
      span.setAttribute('http.response.status_code', statusCode);
      if (headers[keepHeader] !== undefined) onVerdict(headers[keepHeader]);
      if (statusCode >= 400) {
        span.setAttribute('error.type', String(statusCode)).setStatus('error', `HTTP ${statusCode}`);
      }
      handler.onResponseStart?.(controller, statusCode, headers, statusMessage);
    },
    onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
    onResponseEnd: (controller, trailers) => {
      span.end();
      handler.onResponseEnd?.(controller, trailers);
    },
    onResponseError: (controller, error) => {
      span.setAttribute('error.type', error.name).setStatus('error', error.message).end();
      handler.onResponseError?.(controller, error);
    },
  };
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
  return dispatcher.compose((dispatch) => (options, handler) => {
    const span = startClientSpan(telemetry, options);
    const requestId = currentRequest()?.requestId;
    const headers = {
      ...toRecord(options.headers),
      traceparent: formatTraceparent(span),
      ...(span.traceState === '' ? {} : { tracestate: span.traceState }),
      ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
    };
    const onVerdict = (verdict: unknown) => {
      const reason = acceptsVerdicts ? parseKeepReason(verdict) : undefined;
      if (reason !== undefined) telemetry.flightRecorder?.hear(span, reason);
    };
    return dispatch({ ...options, headers }, observe(handler, { span, onVerdict }));
  });
}
