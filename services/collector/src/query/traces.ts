import type { components } from '@ibex/api/collector';
import type { SpanEvent, SpanLink, SpanRecord } from '../model.ts';
import type { TraceRecord } from '../store/types.ts';

type Schemas = components['schemas'];

/** A trace in the shape of the API: instants as decimal text, absent identifiers as null. */
export function presentTrace(trace: TraceRecord): Schemas['Trace'] {
  return {
    traceId: trace.traceId,
    startTimeUnixNano: trace.startTimeUnixNano.toString(),
    durationNano: Number(trace.durationNano),
    spanCount: trace.spanCount,
    errorCount: trace.errorCount,
    services: trace.services,
    truncated: trace.truncated,
    spans: trace.spans.map(presentSpan),
  };
}

function presentSpan(span: SpanRecord): Schemas['Span'] {
  return {
    ...span,
    parentSpanId: span.parentSpanId === '' ? null : span.parentSpanId,
    startTimeUnixNano: span.startTimeUnixNano.toString(),
    durationNano: Number(span.durationNano),
    events: span.events.map(presentEvent),
    links: span.links.map(presentLink),
  };
}

function presentEvent({ timeUnixNano, name, attributes }: SpanEvent): Schemas['SpanEvent'] {
  return { timeUnixNano: timeUnixNano.toString(), name, attributes };
}

function presentLink({ traceId, spanId, attributes }: SpanLink): Schemas['SpanLink'] {
  return { traceId, spanId, attributes };
}
