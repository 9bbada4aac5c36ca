import type { SpanEvent, SpanLink } from '../../model.ts';
import { AttributeCollector } from '../attributes.ts';
import type { DecodeContext } from '../decode-context.ts';
import { OTLP_LIMITS } from '../limits.ts';
import type { SpanDraft } from '../spans.ts';
import { acceptSpan, newSpanDraft } from '../spans.ts';
import type { Decoding } from './common.ts';
import { readAttribute, readGroups } from './common.ts';
import { WireReader } from './wire-reader.ts';

const NAMES = { resources: 'resource_spans', scopes: 'scope_spans' };

/**
 * Decodes an ExportTraceServiceRequest into the context's batch.
 * @throws {MalformedOtlpError} when the bytes are not that message.
 */
export function readTraces(body: Buffer, context: DecodeContext): void {
  const decoding = { reader: new WireReader(body), context };
  readGroups(decoding, {
    ...NAMES,
    readRecord: (origin) => acceptSpan(readSpan(decoding), { origin, context }),
  });
}

/** opentelemetry.proto.trace.v1.Span, in the current field. */
function readSpan(decoding: Decoding): SpanDraft {
  const { reader, context } = decoding;
  return reader.message('spans', () => {
    const span = newSpanDraft(context);
    while (reader.next() !== 0) readSpanField(decoding, span);
    return span;
  });
}

function readSpanField(decoding: Decoding, span: SpanDraft): void {
  const { reader } = decoding;
  switch (reader.field) {
    case 1:
      span.traceId = reader.hex('trace_id');
      break;
    case 2:
      span.spanId = reader.hex('span_id');
      break;
    case 3:
      span.traceState = boundName(decoding, 'trace_state');
      break;
    case 4:
      span.parentSpanId = reader.hex('parent_span_id');
      break;
    case 5:
      span.name = boundName(decoding, 'name');
      break;
    case 6:
      span.kind = reader.uint32('kind');
      break;
    case 7:
      span.startTimeUnixNano = reader.fixed64('start_time_unix_nano');
      break;
    case 8:
      span.endTimeUnixNano = reader.fixed64('end_time_unix_nano');
      break;
    case 9:
      readAttribute(decoding, span.attributes);
      break;
    case 10:
      span.attributes.dropped += reader.uint32('dropped_attributes_count');
      break;
    case 11:
      readEvents(decoding, span);
      break;
    case 12:
      span.droppedEvents += reader.uint32('dropped_events_count');
      break;
    case 13:
      readLinks(decoding, span);
      break;
    case 14:
      span.droppedLinks += reader.uint32('dropped_links_count');
      break;
    case 15:
      readStatus(decoding, span);
      break;
    default:
      reader.skip();
  }
}

function boundName({ reader, context }: Decoding, field: string): string {
  return context.boundText(reader.string(field), OTLP_LIMITS.nameLength, 'name_length');
}

function readEvents(decoding: Decoding, span: SpanDraft): void {
  if (span.events.length < OTLP_LIMITS.eventsPerSpan) {
    span.events.push(readEvent(decoding));
    return;
  }
  span.droppedEvents += 1;
  decoding.context.truncate('event_count');
  decoding.reader.skip();
}

/** Span.Event: time_unix_nano = 1, name = 2, attributes = 3, dropped_attributes_count = 4. */
function readEvent(decoding: Decoding): SpanEvent {
  const { reader, context } = decoding;
  return reader.message('events', () => {
    const collector = new AttributeCollector(context);
    const event: SpanEvent = { timeUnixNano: 0n, name: '', attributes: collector.attributes };
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number === 1) event.timeUnixNano = reader.fixed64('time_unix_nano');
      else if (number === 2) event.name = boundName(decoding, 'name');
      else if (number === 3) readAttribute(decoding, collector);
      else if (number === 4) collector.dropped += reader.uint32('dropped_attributes_count');
      else reader.skip();
    }
    collector.finish();
    return event;
  });
}

function readLinks(decoding: Decoding, span: SpanDraft): void {
  if (span.links.length < OTLP_LIMITS.linksPerSpan) {
    span.links.push(readLink(decoding));
    return;
  }
  span.droppedLinks += 1;
  decoding.context.truncate('link_count');
  decoding.reader.skip();
}

/** Span.Link: trace_id = 1, span_id = 2, trace_state = 3, attributes = 4, dropped_attributes_count = 5. */
function readLink(decoding: Decoding): SpanLink {
  const { reader, context } = decoding;
  return reader.message('links', () => {
    const collector = new AttributeCollector(context);
    const link: SpanLink = { traceId: '', spanId: '', attributes: collector.attributes };
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number === 1) link.traceId = reader.hex('trace_id');
      else if (number === 2) link.spanId = reader.hex('span_id');
      else if (number === 3) readTraceState(decoding, link);
      else if (number === 4) readAttribute(decoding, collector);
      else if (number === 5) collector.dropped += reader.uint32('dropped_attributes_count');
      else reader.skip();
    }
    collector.finish();
    return link;
  });
}

function readTraceState(decoding: Decoding, link: SpanLink): void {
  const traceState = boundName(decoding, 'trace_state');
  if (traceState !== '') link.attributes['w3c.tracestate'] = traceState;
}

/** Status: message = 2, code = 3. */
function readStatus(decoding: Decoding, span: SpanDraft): void {
  const { reader, context } = decoding;
  reader.message('status', () => {
    for (let number = reader.next(); number !== 0; number = reader.next()) {
      if (number === 2) {
        const text = reader.string('message');
        span.statusMessage = context.boundText(text, OTLP_LIMITS.attributeLength, 'attribute_length');
      } else if (number === 3) span.statusCode = reader.uint32('code');
      else reader.skip();
    }
  });
}
