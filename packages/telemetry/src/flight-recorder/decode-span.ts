import type {
  AttributeValue,
  FinishedSpan,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
} from '../traces/span.ts';
import { ProtobufReader } from './protobuf-reader.ts';

type Attributes = Record<string, AttributeValue>;
type Mutable<Type> = { -readonly [Key in keyof Type]: Type[Key] };

const kinds: readonly SpanKind[] = ['internal', 'internal', 'server', 'client', 'producer', 'consumer'];
const statuses: readonly SpanStatus[] = ['unset', 'ok', 'error'];
const sampledFlag = 1;

/** Reads a span that `encodeSpans` wrote, or `encodeSpan` then rewritten with its keys. */
export function decodeSpan(bytes: Buffer): FinishedSpan {
  const attributes: Attributes = {};
  const events: SpanEvent[] = [];
  const links: SpanLink[] = [];
  const span: Mutable<FinishedSpan> = { ...emptySpan, attributes, events, links };
  const reader = new ProtobufReader(bytes);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 9) readAttribute(reader.bytes(), attributes);
    else if (field === 11) events.push(readEvent(reader.bytes()));
    else if (field === 13) links.push(readLink(reader.bytes()));
    else if (field === 15) readStatus(reader.bytes(), span);
    else readField(field, reader, span);
  }
  return span;
}

const emptySpan: FinishedSpan = {
  traceId: '',
  spanId: '',
  parentSpanId: '',
  traceState: '',
  sampled: false,
  name: '',
  kind: 'internal',
  startUnixMs: 0,
  endUnixMs: 0,
  status: 'unset',
  statusMessage: '',
  attributes: {},
  events: [],
  links: [],
  droppedAttributes: 0,
  droppedEvents: 0,
  droppedLinks: 0,
};

function readField(field: number, reader: ProtobufReader, span: Mutable<FinishedSpan>): void {
  if (field === 1) span.traceId = reader.bytes().toString('hex');
  else if (field === 2) span.spanId = reader.bytes().toString('hex');
  else if (field === 3) span.traceState = reader.text();
  else if (field === 4) span.parentSpanId = reader.bytes().toString('hex');
  else if (field === 5) span.name = reader.text();
  else if (field === 6) span.kind = kinds[reader.varint()] ?? 'internal';
  else if (field === 7) span.startUnixMs = reader.unixMs();
  else if (field === 8) span.endUnixMs = reader.unixMs();
  else if (field === 10) span.droppedAttributes = reader.varint();
  else if (field === 12) span.droppedEvents = reader.varint();
  else if (field === 14) span.droppedLinks = reader.varint();
  else if (field === 16) span.sampled = (reader.fixed32() & sampledFlag) !== 0;
  else reader.skip();
}

function readStatus(bytes: Buffer, span: Mutable<FinishedSpan>): void {
  const reader = new ProtobufReader(bytes);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 2) span.statusMessage = reader.text();
    else if (field === 3) span.status = statuses[reader.varint()] ?? 'unset';
    else reader.skip();
  }
}

function readEvent(bytes: Buffer): SpanEvent {
  const attributes: Attributes = {};
  const event = { timeUnixMs: 0, name: '', attributes };
  const reader = new ProtobufReader(bytes);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) event.timeUnixMs = reader.unixMs();
    else if (field === 2) event.name = reader.text();
    else if (field === 3) readAttribute(reader.bytes(), attributes);
    else reader.skip();
  }
  return event;
}

function readLink(bytes: Buffer): SpanLink {
  const attributes: Attributes = {};
  const context = { traceId: '', spanId: '', traceState: '', sampled: false };
  const reader = new ProtobufReader(bytes);
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) context.traceId = reader.bytes().toString('hex');
    else if (field === 2) context.spanId = reader.bytes().toString('hex');
    else if (field === 3) context.traceState = reader.text();
    else if (field === 4) readAttribute(reader.bytes(), attributes);
    else reader.skip();
  }
  return { context, attributes };
}

function readAttribute(bytes: Buffer, attributes: Attributes): void {
  const reader = new ProtobufReader(bytes);
  let key = '';
  for (let field = reader.nextField(); field !== 0; field = reader.nextField()) {
    if (field === 1) key = reader.text();
    else if (field === 2) attributes[key] = readValue(reader.bytes());
    else reader.skip();
  }
}

function readValue(bytes: Buffer): AttributeValue {
  const reader = new ProtobufReader(bytes);
  const field = reader.nextField();
  if (field === 1) return reader.text();
  if (field === 2) return reader.varint() !== 0;
  if (field === 3) return reader.integer();
  if (field === 4) return reader.double();
  return field === 5 ? readList(reader.bytes()) : '';
}

function readList(bytes: Buffer): AttributeValue {
  const items: (string | number | boolean)[] = [];
  const reader = new ProtobufReader(bytes);
  while (reader.nextField() !== 0) items.push(readValue(reader.bytes()) as string | number | boolean);
  return items;
}
