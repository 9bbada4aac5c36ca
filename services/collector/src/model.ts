/**
 * What receivers hand to the store. Plain data that survives structured cloning, because the store lives in a
 * worker thread. Instants are bigint nanoseconds since the Unix epoch; identifiers are lower-case hex.
 */

/** An OTLP attribute value, decoded: bytes become base64 text, 64-bit integers beyond 2^53 become decimal text. */
export type AttributeValue =
  | string
  | number
  | boolean
  | null
  | AttributeValue[]
  | { [key: string]: AttributeValue };

export type Attributes = Record<string, AttributeValue>;

export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';
export type SpanStatus = 'unset' | 'ok' | 'error';
export type LogLevel = 'TRACE' | 'DEBUG' | 'INFO' | 'WARN' | 'ERROR' | 'FATAL';
export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'unknown';

export interface SpanEvent {
  timeUnixNano: bigint;
  name: string;
  attributes: Attributes;
}

export interface SpanLink {
  traceId: string;
  spanId: string;
  attributes: Attributes;
}

export interface SpanRecord {
  traceId: string;
  spanId: string;
  /** Empty for a root span. */
  parentSpanId: string;
  name: string;
  kind: SpanKind;
  serviceName: string;
  scopeName: string;
  startTimeUnixNano: bigint;
  durationNano: bigint;
  status: SpanStatus;
  statusMessage: string;
  attributes: Attributes;
  resource: Attributes;
  events: SpanEvent[];
  links: SpanLink[];
}

export interface LogRecord {
  timeUnixNano: bigint;
  level: LogLevel;
  serviceName: string;
  message: string;
  /** Empty when the line belongs to no trace. */
  traceId: string;
  spanId: string;
  /** The `request_id` attribute; empty when there is none. */
  requestId: string;
  attributes: Attributes;
  resource: Attributes;
}

/** One sample of one series. A histogram arrives as its `_bucket` (label `le`), `_sum` and `_count` series, as Prometheus writes it. */
export interface MetricSample {
  /** The series' name, e.g. `http_request_duration_seconds_bucket`. */
  name: string;
  /** Sorted by key; the label `service` names the service the sample came from. */
  labels: Record<string, string>;
  timeUnixMs: number;
  value: number;
}

/** What a metric family is; `name` is the family's, e.g. `http_request_duration_seconds`. */
export interface MetricMetadata {
  name: string;
  type: MetricType;
  unit: string;
  help: string;
}

export interface Batch {
  spans: SpanRecord[];
  logs: LogRecord[];
  samples: MetricSample[];
  metadata: MetricMetadata[];
}

/** Where receivers deliver. */
export interface Sink {
  /**
   * Resolves once the batch is durable: it survives `kill -9` of the process.
   * @throws {SinkOverloadedError} when the queue is full; the sender is told to come again after `retryAfterMs`.
   */
  append(batch: Batch): Promise<void>;
}

/** The store cannot take more now. Nothing of the batch was kept. */
export class SinkOverloadedError extends Error {
  override name = 'SinkOverloadedError';
  readonly retryAfterMs: number;

  constructor(message: string, retryAfterMs: number) {
    super(message);
    this.retryAfterMs = retryAfterMs;
  }
}

/** A batch with nothing in it. */
export function emptyBatch(): Batch {
  return { spans: [], logs: [], samples: [], metadata: [] };
}
