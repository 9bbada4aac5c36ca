import {
  type Context,
  createContextKey,
  type TextMapGetter,
  type TextMapPropagator,
  type TextMapSetter,
  trace,
} from '@opentelemetry/api';
import { formatTraceparent, parseTraceContext } from '../traces/propagation.ts';
import { fromApiSpanContext, toApiSpanContext } from './span-context.ts';

const fields = ['traceparent', 'tracestate'];
/** Set by exporters around their own requests; the key is the OpenTelemetry SDK's. */
const suppressKey = createContextKey('OpenTelemetry SDK Context Key SUPPRESS_TRACING');

/** Whether a library asked that nothing be traced in this context. */
export function isTracingSuppressed(context: Context): boolean {
  return context.getValue(suppressKey) === true;
}

/** W3C Trace Context for libraries that inject and extract through the API. Baggage is not carried. */
export const traceContextPropagator: TextMapPropagator = {
  inject<Carrier>(context: Context, carrier: Carrier, setter: TextMapSetter<Carrier>): void {
    const spanContext = fromApiSpanContext(trace.getSpanContext(context));
    if (spanContext === undefined || isTracingSuppressed(context)) return;
    setter.set(carrier, 'traceparent', formatTraceparent(spanContext));
    if (spanContext.traceState !== '') setter.set(carrier, 'tracestate', spanContext.traceState);
  },

  extract<Carrier>(context: Context, carrier: Carrier, getter: TextMapGetter<Carrier>): Context {
    const parsed = parseTraceContext(
      only(getter.get(carrier, 'traceparent')),
      getter.get(carrier, 'tracestate'),
    );
    return parsed === undefined ? context : trace.setSpanContext(context, toApiSpanContext(parsed, true));
  },

  fields: () => [...fields],
};

/** A repeated traceparent is none. */
function only(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? (value.length === 1 ? value[0] : undefined) : value;
}
