import type {
  AttributeValue,
  FinishedSpan,
  SpanEvent,
  SpanKind,
  SpanLink,
  SpanStatus,
} from '../traces/span.ts';
import { ProtobufWriter } from './protobuf-writer.ts';

/** What names the process that a batch comes from. */
export type Resource = Readonly<Record<string, string>>;

export const scopeName = '@ibex/telemetry';

const kindNumbers: Record<SpanKind, number> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const statusNumbers: Record<SpanStatus, number> = { unset: 0, ok: 1, error: 2 };
const sampledFlag = 1;

/** Encodes spans as an OTLP `ExportTraceServiceRequest` (opentelemetry-proto 1.x), straight from the recorded form. */
export function encodeSpans(spans: readonly FinishedSpan[], resource: Resource): Buffer {
  const writer = new ProtobufWriter();
  writer.message(1, () => {
    writer.message(1, () => writeAttributes(writer, 1, resource));
    writer.message(2, () => {
      writer.message(1, () => writer.string(1, scopeName));
      for (const span of spans) writer.message(2, () => writeSpan(writer, span));
    });
  });
  return writer.finish();
}

function writeSpan(writer: ProtobufWriter, span: FinishedSpan): void {
  writer.hex(1, span.traceId);
  writer.hex(2, span.spanId);
  writer.string(3, span.traceState);
  writer.hex(4, span.parentSpanId);
  writer.string(5, span.name);
  writer.unsigned(6, kindNumbers[span.kind]);
  writer.unixNano(7, span.startUnixMs);
  writer.unixNano(8, span.endUnixMs);
  writeAttributes(writer, 9, span.attributes);
  writer.unsigned(10, span.droppedAttributes);
  for (const event of span.events) writer.message(11, () => writeEvent(writer, event));
  writer.unsigned(12, span.droppedEvents);
  for (const link of span.links) writer.message(13, () => writeLink(writer, link));
  if (span.status !== 'unset') {
    writer.message(15, () => {
      writer.string(2, span.statusMessage);
      writer.unsigned(3, statusNumbers[span.status]);
    });
  }
  writer.fixed32(16, sampledFlag);
}

function writeEvent(writer: ProtobufWriter, event: SpanEvent): void {
  writer.unixNano(1, event.timeUnixMs);
  writer.string(2, event.name);
  writeAttributes(writer, 3, event.attributes);
}

function writeLink(writer: ProtobufWriter, link: SpanLink): void {
  writer.hex(1, link.context.traceId);
  writer.hex(2, link.context.spanId);
  writer.string(3, link.context.traceState);
  writeAttributes(writer, 4, link.attributes ?? {});
}

function writeAttributes(
  writer: ProtobufWriter,
  field: number,
  attributes: Readonly<Record<string, AttributeValue | undefined>>,
): void {
  for (const key in attributes) {
    const value = attributes[key];
    if (value === undefined) continue;
    writer.message(field, () => {
      writer.string(1, key);
      writer.message(2, () => writeValue(writer, value));
    });
  }
}

function writeValue(writer: ProtobufWriter, value: AttributeValue): void {
  if (typeof value === 'string') {
    writer.stringMember(1, value);
  } else if (typeof value === 'boolean') {
    writer.boolean(2, value);
  } else if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) writer.integer(3, value);
    else writer.double(4, value);
  } else {
    writer.message(5, () => {
      for (const item of value) writer.message(1, () => writeValue(writer, item));
    });
  }
}
