import type { Level, LogLine } from './log-line.ts';

/** A log record in OTLP/JSON, ready to be sent. */
export interface EncodedRecord {
  readonly service: string;
  readonly json: string;
}

type AnyValue =
  | { stringValue: string }
  | { boolValue: boolean }
  | { intValue: string }
  | { doubleValue: number }
  | { arrayValue: { values: AnyValue[] } }
  | { kvlistValue: { values: KeyValue[] } }
  | Record<string, never>;

interface KeyValue {
  key: string;
  value: AnyValue;
}

/** SeverityNumber of opentelemetry-proto, `logs/v1/logs.proto`. */
const severityNumbers: Readonly<Record<Level, number>> = {
  TRACE: 1,
  DEBUG: 5,
  INFO: 9,
  WARN: 13,
  ERROR: 17,
  FATAL: 21,
};

const deepestValue = 8;

/**
 * Encodes a line as a LogRecord (opentelemetry-proto, `logs/v1/logs.proto`).
 *
 * @param timeUnixNano Nanoseconds since the Unix epoch, as decimal digits.
 */
export function encodeRecord(line: LogLine, timeUnixNano: string): EncodedRecord {
  const record = {
    timeUnixNano,
    observedTimeUnixNano: `${Date.now()}000000`,
    severityNumber: severityNumbers[line.level],
    severityText: line.level,
    body: { stringValue: line.message },
    ...(line.traceId !== '' && { traceId: line.traceId }),
    ...(line.spanId !== '' && { spanId: line.spanId }),
    attributes: keyValues(line.fields, 0),
  };
  return { service: line.service, json: JSON.stringify(record) };
}

/** An ExportLogsServiceRequest of records, grouped by the service that wrote them. */
export function encodeRequest(
  records: readonly EncodedRecord[],
  options: { deploymentEnvironment: string },
): string {
  const byService = Map.groupBy(records, ({ service }) => service);
  const resourceLogs = [...byService].map(([service, ofService]) => {
    const resource = keyValues(
      { 'service.name': service, 'deployment.environment': options.deploymentEnvironment },
      0,
    );
    const joined = ofService.map(({ json }) => json).join(',');
    return `{"resource":{"attributes":${JSON.stringify(resource)}},"scopeLogs":[{"logRecords":[${joined}]}]}`;
  });
  return `{"resourceLogs":[${resourceLogs.join(',')}]}`;
}

function keyValues(fields: Readonly<Record<string, unknown>>, depth: number): KeyValue[] {
  return Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ({ key, value: anyValue(value, depth) }));
}

function anyValue(value: unknown, depth: number): AnyValue {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
  }
  if (typeof value !== 'object' || value === null) return {};
  if (depth >= deepestValue) return { stringValue: '[nested too deep]' };
  if (Array.isArray(value)) return { arrayValue: { values: value.map((item) => anyValue(item, depth + 1)) } };
  return { kvlistValue: { values: keyValues(value as Record<string, unknown>, depth + 1) } };
}
