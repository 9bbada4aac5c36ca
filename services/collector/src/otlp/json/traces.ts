import type { SpanEvent, SpanLink } from '../../model.ts';
import { AttributeCollector } from '../attributes.ts';
import type { DecodeContext } from '../decode-context.ts';
import { OTLP_LIMITS } from '../limits.ts';
import type { SpanDraft } from '../spans.ts';
import { acceptSpan, newSpanDraft } from '../spans.ts';
import { boundAttribute, boundName, readAttributes, readGroups } from './common.ts';
import type { JsonObject } from './fields.ts';
import {
  eachObject,
  enumField,
  hexField,
  integerField,
  objectField,
  smallIntegerField,
  stringField,
} from './fields.ts';

const KIND_NAMES = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'].map(
  (kind) => `SPAN_KIND_${kind}`,
);
const STATUS_NAMES = ['UNSET', 'OK', 'ERROR'].map((code) => `STATUS_CODE_${code}`);

/**
 * Decodes a JSON ExportTraceServiceRequest into the context's batch.
 * @throws {MalformedOtlpError} when a field has the wrong type.
 */
export function readTraces(request: JsonObject, context: DecodeContext): void {
  readGroups(request, {
    keys: ['resourceSpans', 'scopeSpans', 'spans'],
    context,
    readRecord: (span, origin) => acceptSpan(readSpan(span, context), { origin, context }),
  });
}

function readSpan(span: JsonObject, context: DecodeContext): SpanDraft {
  const draft = newSpanDraft(context);
  draft.traceId = hexField(span, 'traceId');
  draft.spanId = hexField(span, 'spanId');
  draft.parentSpanId = hexField(span, 'parentSpanId');
  draft.traceState = boundName(stringField(span, 'traceState'), context);
  draft.name = boundName(stringField(span, 'name'), context);
  draft.kind = enumField(span, 'kind', KIND_NAMES);
  draft.startTimeUnixNano = integerField(span, 'startTimeUnixNano');
  draft.endTimeUnixNano = integerField(span, 'endTimeUnixNano');
  draft.droppedEvents = smallIntegerField(span, 'droppedEventsCount');
  draft.droppedLinks = smallIntegerField(span, 'droppedLinksCount');
  readAttributes(span, draft.attributes, context);
  readEvents(span, draft, context);
  readLinks(span, draft, context);
  objectField(span, 'status', (status) => {
    draft.statusMessage = boundAttribute(stringField(status, 'message'), context);
    draft.statusCode = enumField(status, 'code', STATUS_NAMES);
  });
  return draft;
}

function readEvents(span: JsonObject, draft: SpanDraft, context: DecodeContext): void {
  eachObject(span, 'events', (event) => {
    if (draft.events.length < OTLP_LIMITS.eventsPerSpan) {
      draft.events.push(readEvent(event, context));
      return;
    }
    draft.droppedEvents += 1;
    context.truncate('event_count');
  });
}

function readEvent(event: JsonObject, context: DecodeContext): SpanEvent {
  const collector = new AttributeCollector(context);
  readAttributes(event, collector, context);
  return {
    timeUnixNano: integerField(event, 'timeUnixNano'),
    name: boundName(stringField(event, 'name'), context),
    attributes: collector.finish(),
  };
}

function readLinks(span: JsonObject, draft: SpanDraft, context: DecodeContext): void {
  eachObject(span, 'links', (link) => {
    if (draft.links.length < OTLP_LIMITS.linksPerSpan) {
      draft.links.push(readLink(link, context));
      return;
    }
    draft.droppedLinks += 1;
    context.truncate('link_count');
  });
}

function readLink(link: JsonObject, context: DecodeContext): SpanLink {
  const collector = new AttributeCollector(context);
  readAttributes(link, collector, context);
  const attributes = collector.finish();
  const traceState = boundName(stringField(link, 'traceState'), context);
  if (traceState !== '') attributes['w3c.tracestate'] = traceState;
  return { traceId: hexField(link, 'traceId'), spanId: hexField(link, 'spanId'), attributes };
}
