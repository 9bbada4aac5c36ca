import { excerpt } from '@ibex/telemetry/privacy';
import type { Attributes, SpanEvent, SpanKind, SpanLink, SpanRecord, SpanStatus } from '../model.ts';
import { AttributeCollector, setDroppedCount } from './attributes.ts';
import type { DecodeContext } from './decode-context.ts';
import { isNoSpanId, isSpanId, isTraceId, shownId } from './ids.ts';
import type { Destination, Origin } from './origin.ts';

/** A span as it was on the wire, before it is judged. */
export interface SpanDraft {
  traceId: string;
  spanId: string;
  parentSpanId: string;
  traceState: string;
  name: string;
  kind: number;
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  statusCode: number;
  statusMessage: string;
  attributes: AttributeCollector;
  events: SpanEvent[];
  links: SpanLink[];
  droppedEvents: number;
  droppedLinks: number;
}

export function newSpanDraft(context: DecodeContext): SpanDraft {
  return {
    traceId: '',
    spanId: '',
    parentSpanId: '',
    traceState: '',
    name: '',
    kind: 0,
    startTimeUnixNano: 0n,
    endTimeUnixNano: 0n,
    statusCode: 0,
    statusMessage: '',
    attributes: new AttributeCollector(context),
    events: [],
    links: [],
    droppedEvents: 0,
    droppedLinks: 0,
  };
}

/** opentelemetry.proto.trace.v1.Span.SpanKind: 0 is "unspecified", which the specification reads as internal. */
const KINDS: readonly SpanKind[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];
/** opentelemetry.proto.trace.v1.Status.StatusCode. */
const STATUSES: readonly SpanStatus[] = ['unset', 'ok', 'error'];
/** The store keeps instants as signed 64-bit nanoseconds. */
export const LAST_UNIX_NANO = 2n ** 63n - 1n;

/** Judges a span and puts it into the batch, or notes why it was rejected. */
export function acceptSpan(draft: SpanDraft, { origin, context }: Destination): void {
  if (!isValid(draft, context) || !context.admitRecord()) return;
  context.batch.spans.push(recordOf(draft, origin));
}

function recordOf(draft: SpanDraft, origin: Origin): SpanRecord {
  return {
    traceId: draft.traceId,
    spanId: draft.spanId,
    parentSpanId: isNoSpanId(draft.parentSpanId) ? '' : draft.parentSpanId,
    name: draft.name,
    kind: KINDS[draft.kind] ?? 'internal',
    serviceName: origin.serviceName,
    scopeName: origin.scopeName,
    startTimeUnixNano: draft.startTimeUnixNano,
    durationNano: draft.endTimeUnixNano - draft.startTimeUnixNano,
    status: STATUSES[draft.statusCode] ?? 'unset',
    statusMessage: draft.statusMessage,
    attributes: attributesOf(draft, origin),
    resource: origin.resource,
    events: draft.events,
    links: draft.links,
  };
}

function attributesOf(draft: SpanDraft, origin: Origin): Attributes {
  const attributes = Object.assign(draft.attributes.finish(), origin.scopeAttributes);
  setDroppedCount(attributes, 'events', draft.droppedEvents);
  setDroppedCount(attributes, 'links', draft.droppedLinks);
  if (draft.traceState !== '') attributes['w3c.tracestate'] = draft.traceState;
  return attributes;
}

function isValid(draft: SpanDraft, context: DecodeContext): boolean {
  const name = `span '${excerpt(draft.name, 80)}'`;
  if (!isTraceId(draft.traceId)) {
    context.reject(
      'invalid_trace_id',
      `${name}: a trace id is 16 bytes, not all zero; it is ${shownId(draft.traceId)}`,
    );
    return false;
  }
  if (!isSpanId(draft.spanId)) {
    context.reject(
      'invalid_span_id',
      `${name}: a span id is 8 bytes, not all zero; it is ${shownId(draft.spanId)}`,
    );
    return false;
  }
  if (!isNoSpanId(draft.parentSpanId) && !isSpanId(draft.parentSpanId)) {
    context.reject(
      'invalid_span_id',
      `${name}: a parent span id is 8 bytes; it is ${shownId(draft.parentSpanId)}`,
    );
    return false;
  }
  return hasValidTimes(draft, { name, context });
}

function hasValidTimes(
  draft: SpanDraft,
  { name, context }: { name: string; context: DecodeContext },
): boolean {
  const { startTimeUnixNano: start, endTimeUnixNano: end } = draft;
  if (start <= 0n || start > LAST_UNIX_NANO || end > LAST_UNIX_NANO) {
    context.reject(
      'invalid_time',
      `${name}: start ${start} and end ${end} must be nanoseconds since 1970, before 2262`,
    );
    return false;
  }
  if (end < start) {
    context.reject('end_before_start', `${name}: it ends ${start - end} ns before it starts`);
    return false;
  }
  return true;
}
