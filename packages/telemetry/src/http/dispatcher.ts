import type { Dispatcher } from 'undici';
import { currentRequest } from '../context/scope.ts';
import { keepHeader, parseKeepReason } from '../flight-recorder/keep-reason.ts';
import type { Telemetry } from '../telemetry.ts';
import { describeThrown } from '../traces/exception.ts';
import { formatTraceparent } from '../traces/propagation.ts';
import type { Span } from '../traces/span.ts';

type Headers = NonNullable<Dispatcher.DispatchOptions['headers']>;
type HeaderValue = string | number | string[] | null | undefined;

/** The caller's headers, those of the same name replaced; names compare without case, values and repetitions stay. */
function withHeaders(headers: Headers | null | undefined, own: Readonly<Record<string, string>>): Headers {
  const isKept = (name: unknown) => !Object.hasOwn(own, String(name).toLowerCase());
  if (headers === undefined || headers === null) return { ...own };
  if (Array.isArray(headers)) {
    const kept: string[] = [];
    for (let index = 0; index + 1 < headers.length; index += 2) {
      if (isKept(headers[index])) kept.push(headers[index] as string, headers[index + 1] as string);
    }
    return [...kept, ...Object.entries(own).flat()];
  }
  const isIterable = Symbol.iterator in headers;
  const entries: Iterable<readonly [string, HeaderValue]> = isIterable
    ? (headers as Iterable<[string, HeaderValue]>)
    : Object.entries(headers);
  const kept = [...entries].filter(([name]) => isKept(name)).flatMap(flatten);
  return [...kept, ...Object.entries(own).flat()];
}

function flatten([name, value]: readonly [string, HeaderValue]): string[] {
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value.flatMap((each) => [name, each]) : [name, String(value)];
}

/** Trace context and request id, as they travel with a request. */
function contextHeaders(span: Span): Record<string, string> {
  const requestId = currentRequest()?.requestId;
  return {
    traceparent: formatTraceparent(span),
    ...(span.traceState === '' ? {} : { tracestate: span.traceState }),
    ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
  };
}

function startClientSpan(telemetry: Telemetry, { method, origin, path }: Dispatcher.DispatchOptions): Span {
  const base = URL.canParse(String(origin)) ? new URL(String(origin)) : undefined;
  const defaultPort = base?.protocol === 'https:' ? 443 : 80;
  return telemetry.tracer.startSpan(method, {
    kind: 'client',
    attributes: {
      'http.request.method': method,
      'server.address': base?.hostname ?? 'unknown',
      'server.port': Number(base?.port) || defaultPort,
      // Without query: it may carry keys.
      'url.full': `${base?.origin ?? 'http://unknown'}${path.split('?', 1)[0]}`,
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
    onBodySent: (chunk) => handler.onBodySent?.(chunk),
    onRequestSent: () => handler.onRequestSent?.(),
    onResponseStarted: () => handler.onResponseStarted?.(),
    onRequestUpgrade: (controller, statusCode, headers, socket) => {
      span.setAttribute('http.response.status_code', statusCode).end();
      handler.onRequestUpgrade?.(controller, statusCode, headers, socket);
    },
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
      failSpan(span, error);
      handler.onResponseError?.(controller, error);
    },
  };
}

function failSpan(span: Span, error: unknown): void {
  const { type, message } = describeThrown(error);
  span.setAttribute('error.type', type).setStatus('error', message).end();
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
    const headers = withHeaders(options.headers, contextHeaders(span));
    const onVerdict = (verdict: unknown) => {
      const reason = acceptsVerdicts ? parseKeepReason(verdict) : undefined;
      if (reason !== undefined) telemetry.flightRecorder?.hear(span, reason);
    };
    try {
      return dispatch({ ...options, headers }, observe(handler, { span, onVerdict }));
    } catch (error) {
      failSpan(span, error);
      throw error;
    }
  });
}
