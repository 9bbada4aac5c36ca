import {
  type Context,
  createContextKey,
  propagation,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';
import { formatBaggage, parseBaggage } from '../boundaries/baggage.ts';
import { type OutboundBoundary, toldEverything, toldTheTrace } from '../boundaries/boundaries.ts';
import type { Telemetry } from '../telemetry.ts';
import { formatTraceparent, parseTraceContext } from '../traces/propagation.ts';
import { RecordedSpan } from '../traces/recorded-span.ts';
import { spanOf } from './api-span.ts';
import { fromApiSpanContext, toApiSpanContext } from './span-context.ts';

const fields = ['traceparent', 'tracestate', 'baggage'];
/** Set by exporters around their own requests; the key is the OpenTelemetry SDK's. */
const suppressKey = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Whether a library asked that nothing be traced in this context. */
export function isTracingSuppressed(context: Context): boolean {
  return context.getValue(suppressKey) === true;
}

/**
 * W3C Trace Context and Baggage for libraries that inject and extract through the API, within the boundaries. The API
 * does not say whom an injection is for, so the client span does that is active then: instrumentations name the server in
 * it.
 */
export function createPropagator(telemetry: Telemetry): TextMapPropagator {
  const { boundaries } = telemetry;
  const inbound = boundaries.inbound({ protocol: 'http' });
  const outbound = boundaries.outbound();
  return {
    inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
      const spanContext = fromApiSpanContext(trace.getSpanContext(context));
      if (isTracingSuppressed(context)) return;
      const boundary = boundaryOf(context, outbound);
      if (spanContext !== undefined && boundary.traceparent) {
        setter.set(carrier, 'traceparent', formatTraceparent(spanContext));
        if (boundary.tracestate && spanContext.traceState !== '')
          setter.set(carrier, 'tracestate', spanContext.traceState);
      }
      const baggage = boundary.baggage ? propagation.getBaggage(context) : undefined;
      const text = baggage && formatBaggage(baggage, boundaries.baggageKeys);
      if (text !== undefined) setter.set(carrier, 'baggage', text);
    },

    extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
      // A context cannot link to a caller: whoever is not believed is not mentioned here.
      if (inbound.traceparent !== 'accept') return context;
      const parsed = parseTraceContext(
        only(getter.get(carrier, 'traceparent')),
        inbound.tracestate ? getter.get(carrier, 'tracestate') : undefined,
      );
      const baggage = inbound.baggage
        ? parseBaggage([getter.get(carrier, 'baggage') ?? []].flat().join(','), boundaries.baggageKeys)
        : undefined;
      const traced =
        parsed === undefined ? context : trace.setSpanContext(context, toApiSpanContext(parsed, true));
      return baggage === undefined ? traced : propagation.setBaggage(traced, baggage);
    },

    fields: () => [...fields],
  };
}

/** Keys of attributes that name the server, in the conventions of today and before. */
const addressKeys = ['server.address', 'net.peer.name', 'http.host'] as const;
const urlKeys = ['url.full', 'http.url'] as const;

/** What the host may know that the active client span calls. Code that injects under another span says by it whom it trusts. */
function boundaryOf(context: Context, outbound: (hostName: string) => OutboundBoundary): OutboundBoundary {
  const span = spanOf(trace.getSpan(context));
  // A span that is not recorded has no name of a server, and its trace says nothing: it only must not begin anew.
  if (!(span instanceof RecordedSpan)) return toldTheTrace;
  if (span.kind !== 'client') return toldEverything;
  const { attributes } = span;
  const address = addressKeys.map((key) => attributes[key]).find((value) => typeof value === 'string');
  if (address !== undefined) return outbound(String(address).replace(/:\d+$/, ''));
  const url = urlKeys.map((key) => String(attributes[key] ?? '')).find((text) => URL.canParse(text));
  return outbound(url === undefined ? '' : new URL(url).hostname);
}

/** A repeated traceparent is none. */
function only(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? (value.length === 1 ? value[0] : undefined) : value;
}
