import type {
  AttributeValue,
  FinishedSpan,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
} from '../traces/span.ts';
import { EncodedSpan } from './encoded-span.ts';
import { keyNumberField, keyNumbers } from './key-numbers.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** What names the process that a batch comes from. */
export type Resource = Readonly<Record<string, string>>;

export const scopeName = '@ibex/telemetry';

const kindNumbers: Record<SpanKind, number> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const statusNumbers: Record<SpanStatus, number> = { unset: 0, ok: 1, error: 2 };
const sampledFlag = 1;

/** One for the process: spans are encoded one after the other. */
const writer = new ProtobufWriter();
/** Its memory is used again for the next batch. */
const batch = new ProtobufWriter();
/** Whether keys are written as numbers, for spans that stay in the process. */
let keysAsNumbers = false;

/** Encodes spans as an OTLP `ExportTraceServiceRequest` (opentelemetry-proto 1.x), straight from the recorded form. */
export function encodeSpans(spans: readonly FinishedSpan[], resource: Resource): Buffer {
  const resourceSpans = batch.begin(1);
  writeAttributes(1, resource);
  batch.message(1, writer.view());
  const scopeSpans = batch.begin(2);
  const scope = batch.begin(1);
  batch.string(1, scopeName);
  batch.end(scope);
  for (const span of spans) {
    batch.message(2, span instanceof EncodedSpan ? span.bytes : viewOf(span));
  }
  batch.end(scopeSpans);
  batch.end(resourceSpans);
  return batch.finish();
}

function viewOf(span: FinishedSpan): Uint8Array {
  writeSpan(span);
  return writer.view();
}

/**
 * One span without its envelope, with numbers in place of attribute keys ({@link keyNumbers}), as a view of the writer's
 * own memory that the next call overwrites: for those who copy it at once.
 */
export function encodeSpan(span: FinishedSpan): Uint8Array {
  keysAsNumbers = true;
  try {
    return viewOf(span);
  } finally {
    keysAsNumbers = false;
  }
}

/** One span without its envelope, as it is sent, to be kept. */
export function encodeWholeSpan(span: FinishedSpan): Buffer {
  writeSpan(span);
  return writer.take();
}

/** One attribute of a span, to be appended to an encoded one. */
export function encodeAttribute(key: string, value: AttributeValue): Buffer {
  writeAttributes(9, { [key]: value });
  return writer.finish();
}

function writeSpan(span: FinishedSpan): void {
  writer.hex(1, span.traceId);
  writer.hex(2, span.spanId);
  writer.string(3, span.traceState);
  writer.hex(4, span.parentSpanId);
  writer.string(5, span.name);
  writer.unsigned(6, kindNumbers[span.kind]);
  writer.unixNano(7, span.startUnixMs);
  writer.unixNano(8, span.endUnixMs);
  writeAttributes(9, span.attributes);
  writer.unsigned(10, span.droppedAttributes);
  for (const event of span.events) writeEvent(event);
  writer.unsigned(12, span.droppedEvents);
  for (const link of span.links) writeLink(link);
  writer.unsigned(14, span.droppedLinks ?? 0);
  if (span.status !== 'unset') {
    const status = writer.begin(15);
    writer.string(2, span.statusMessage);
    writer.unsigned(3, statusNumbers[span.status]);
    writer.end(status);
  }
  writer.fixed32(16, span.sampled ? sampledFlag : 0);
}

function writeEvent(event: SpanEvent): void {
  const message = writer.begin(11);
  writer.unixNano(1, event.timeUnixMs);
  writer.string(2, event.name);
  writeAttributes(3, event.attributes);
  writer.end(message);
}

function writeLink(link: SpanLink): void {
  const message = writer.begin(13);
  writer.hex(1, link.context.traceId);
  writer.hex(2, link.context.spanId);
  writer.string(3, link.context.traceState);
  writeAttributes(4, link.attributes ?? {});
  writer.end(message);
}

function writeAttributes(
  field: number,
  attributes: Readonly<Record<string, AttributeValue | undefined>>,
): void {
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined) continue;
    const attribute = writer.begin(field);
    writeKey(key);
    writeValue(2, value);
    writer.end(attribute);
  }
}

function writeKey(key: string): void {
  const number = keysAsNumbers ? keyNumbers.of(key) : 0;
  if (number === 0) writer.key(1, key);
  else writer.unsigned(keyNumberField, number);
}

function writeValue(field: number, value: AttributeValue): void {
  const message = writer.begin(field);
  if (typeof value === 'string') writer.stringMember(1, value);
  else if (typeof value === 'boolean') writer.boolean(2, value);
  else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) writer.integer(3, value);
    else writer.double(4, value);
  } else {
    const list = writer.begin(5);
    for (const item of value) writeValue(1, item);
    writer.end(list);
  }
  writer.end(message);
}
