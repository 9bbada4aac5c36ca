import type { Attributes, Batch, LogRecord, MetricMetadata, MetricSample, SpanRecord } from '../model.ts';
import { AttributeText } from './attribute-text.ts';
import type { TableColumns, Unplaced } from './columns.ts';
import { LOG_LEVELS, SPAN_KINDS, SPAN_STATUSES } from './enumerations.ts';
import { parseHex, splitTraceId } from './identifiers.ts';
import type { logTable, spanTable } from './schema.ts';

export type SpanColumns = Unplaced<TableColumns<typeof spanTable>>;
export type LogColumns = Unplaced<TableColumns<typeof logTable>>;

/** Samples before the worker knows which series they belong to. */
export interface SampleColumns {
  names: string[];
  /** JSON with sorted keys: equal for equal label sets. */
  labels: string[];
  timesUnixMs: Float64Array;
  values: Float64Array;
}

/** A batch as it crosses to the worker. */
export interface EncodedBatch {
  spans: SpanColumns;
  logs: LogColumns;
  samples: SampleColumns;
  metadata: MetricMetadata[];
  rows: number;
  /** Approximately what it holds of memory. */
  bytes: number;
  /** Attributes left out because a record was too large. */
  cutAttributes: number;
}

/** 2^63 - 1: instants and durations are stored as signed 64-bit integers. */
const MAX_NANO = 2n ** 63n - 1n;
/** Fixed-width columns of one row, roughly. */
const ROW_BYTES = 96;

/** The rows a batch would add to the queue. */
export function rowsOf(batch: Batch): number {
  return batch.spans.length + batch.logs.length + batch.samples.length + batch.metadata.length;
}

export function encodeBatch(batch: Batch): EncodedBatch {
  const text = new AttributeText();
  const spans = encodeSpans(batch.spans, text);
  const logs = encodeLogs(batch.logs, text);
  const samples = encodeSamples(batch.samples);
  const rows = rowsOf(batch);
  const bytes = rows * ROW_BYTES + charactersOf(spans) + charactersOf(logs) + charactersOf(samples);
  return { spans, logs, samples, metadata: batch.metadata, rows, bytes, cutAttributes: text.cut };
}

function encodeSpans(spans: SpanRecord[], text: AttributeText): SpanColumns {
  const traces = spans.map((span) => splitTraceId(span.traceId));
  return {
    traceHigh: BigUint64Array.from(traces, ({ high }) => high),
    traceLow: BigUint64Array.from(traces, ({ low }) => low),
    spanId: BigUint64Array.from(spans, (span) => parseHex(span.spanId)),
    parentSpanId: BigUint64Array.from(spans, (span) => parseHex(span.parentSpanId)),
    startNano: BigInt64Array.from(spans, (span) => boundedNano(span.startTimeUnixNano)),
    durationNano: BigInt64Array.from(spans, (span) => boundedNano(span.durationNano)),
    name: spans.map((span) => span.name),
    kind: spans.map((span) => SPAN_KINDS.indexOf(span.kind)),
    service: spans.map((span) => span.serviceName),
    scope: spans.map((span) => span.scopeName),
    status: spans.map((span) => SPAN_STATUSES.indexOf(span.status)),
    statusMessage: spans.map((span) => span.statusMessage),
    httpStatus: spans.map((span) => httpStatusOf(span.attributes)),
    requestId: spans.map((span) => requestIdOf(span.attributes)),
    attributes: spans.map((span) => text.encode(span.attributes)),
    resource: spans.map((span) => text.encode(span.resource)),
    events: spans.map((span) => text.encodeList(span.events)),
    links: spans.map((span) => text.encodeList(span.links)),
  };
}

function encodeLogs(logs: LogRecord[], text: AttributeText): LogColumns {
  const traces = logs.map((log) => splitTraceId(log.traceId));
  return {
    timeNano: BigInt64Array.from(logs, (log) => boundedNano(log.timeUnixNano)),
    level: logs.map((log) => LOG_LEVELS.indexOf(log.level)),
    service: logs.map((log) => log.serviceName),
    message: logs.map((log) => log.message),
    traceHigh: BigUint64Array.from(traces, ({ high }) => high),
    traceLow: BigUint64Array.from(traces, ({ low }) => low),
    spanId: BigUint64Array.from(logs, (log) => parseHex(log.spanId)),
    requestId: logs.map((log) => log.requestId),
    attributes: logs.map((log) => text.encode(log.attributes)),
    resource: logs.map((log) => text.encode(log.resource)),
  };
}

function encodeSamples(samples: MetricSample[]): SampleColumns {
  return {
    names: samples.map((sample) => sample.name),
    labels: samples.map((sample) => labelText(sample.labels)),
    timesUnixMs: Float64Array.from(samples, (sample) => sample.timeUnixMs),
    values: Float64Array.from(samples, (sample) => sample.value),
  };
}

function labelText(labels: Record<string, string>): string {
  const entries = Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify(Object.fromEntries(entries));
}

function boundedNano(nano: bigint): bigint {
  if (nano < 0n) return 0n;
  return nano > MAX_NANO ? MAX_NANO : nano;
}

/** The stable attribute name, then the older one. */
function httpStatusOf(attributes: Attributes): number | null {
  const value = Number(attributes['http.response.status_code'] ?? attributes['http.status_code']);
  return Number.isInteger(value) && value > 0 && value < 1000 ? value : null;
}

function requestIdOf(attributes: Attributes): string {
  const value = attributes['http.request_id'] ?? attributes.request_id;
  return typeof value === 'string' ? value : '';
}

function charactersOf(columns: object): number {
  let characters = 0;
  for (const column of Object.values(columns)) {
    if (!Array.isArray(column)) continue;
    for (const value of column) if (typeof value === 'string') characters += value.length;
  }
  return characters;
}
