import type { LogLevel, LogRecord, MetricType, Sink, SpanRecord } from '../model.ts';

/** Unix milliseconds; the start is inside, the end outside. */
export interface TimeRange {
  startUnixMs: number;
  endUnixMs: number;
}

/** Where a page ended: the last row's time and its place among rows of the same time. */
export interface Position {
  timeUnixNano: bigint;
  sequence: bigint;
}

/** Newest first. */
export interface Page<Row> {
  rows: Row[];
  /** Present when there is more. */
  next: Position | undefined;
}

/** A key and the text its value must equal. */
export interface Equality {
  key: string;
  value: string;
}

export interface SpanSearch extends TimeRange {
  service?: string | undefined;
  name?: string | undefined;
  status?: SpanRecord['status'] | undefined;
  minDurationNano?: bigint | undefined;
  maxDurationNano?: bigint | undefined;
  /** All must hold, each in the span's or the resource's attributes. */
  attributes: Equality[];
  rootOnly: boolean;
  limit: number;
  after?: Position | undefined;
}

/** What is stored of a whole trace. */
export interface TraceTotals {
  spanCount: number;
  errorCount: number;
  services: string[];
}

export interface SpanSummary
  extends Pick<
    SpanRecord,
    | 'traceId'
    | 'spanId'
    | 'parentSpanId'
    | 'name'
    | 'kind'
    | 'serviceName'
    | 'startTimeUnixNano'
    | 'durationNano'
    | 'status'
    | 'statusMessage'
  > {
  httpStatusCode: number | null;
  /** Empty when the span carries none. */
  requestId: string;
  trace: TraceTotals;
}

export interface TraceRecord extends TraceTotals {
  traceId: string;
  startTimeUnixNano: bigint;
  durationNano: bigint;
  /** True when `spans` are only the earliest of the trace. */
  truncated: boolean;
  /** By start. */
  spans: SpanRecord[];
}

export interface LogFilter extends TimeRange {
  /** Each must occur in the message or the attributes, in any case. */
  phrases: string[];
  /** The lowest to show. */
  level?: LogLevel | undefined;
  service?: string | undefined;
  requestId?: string | undefined;
  traceId?: string | undefined;
  spanId?: string | undefined;
}

export interface LogSearch extends LogFilter {
  limit: number;
  after?: Position | undefined;
}

export interface LogVolumeQuery extends LogFilter {
  stepSeconds: number;
}

export interface StoredLog extends LogRecord {
  id: string;
}

/** Lines by level in one step; a level without lines is absent. */
export interface LogVolumeStep {
  timeUnixMs: number;
  counts: Partial<Record<LogLevel, number>>;
}

export interface ServiceSeen {
  name: string;
  lastSeenUnixMs: number;
}

export interface MetricFamily {
  name: string;
  type: MetricType;
  unit: string;
  help: string;
  labels: string[];
  services: string[];
}

export type MetricFunction = 'value' | 'rate' | 'increase' | 'quantile';

export interface MetricRangeQuery extends TimeRange {
  name: string;
  function: MetricFunction;
  /** Between 0 and 1; used by `quantile` only. */
  quantile: number;
  labels: Equality[];
  /** Labels to keep. */
  by: string[];
  stepSeconds: number;
}

export interface MetricRangeSeries {
  labels: Record<string, string>;
  /** One per step. */
  values: (number | null)[];
}

export interface MetricRange {
  type: MetricType;
  unit: string;
  truncated: boolean;
  series: MetricRangeSeries[];
}

export type DropReason = 'overloaded' | 'write_failed' | 'duplicate_span' | 'series_limit' | 'expired';

/** The store's account of itself. Sizes are bytes, rows are those visible to queries. */
export interface StoreStatistics {
  rows: { spans: number; logs: number; samples: number; series: number };
  databaseBytes: number;
  writeAheadLogBytes: number;
  queuedBatches: number;
  queuedRows: number;
  queuedBytes: number;
  /** Records since the start that were refused, recognised as sent before, or deleted for their age. */
  dropped: Record<DropReason, number>;
  /** Attributes left out of a record because the record was too large. */
  cutAttributes: number;
  commits: number;
  lastCommitMs: number;
  lastCheckpointMs: number;
  runningQueries: number;
  waitingQueries: number;
  timedOutQueries: number;
  /** Why the store no longer works; undefined while it does. */
  failure: string | undefined;
}

/** Durable telemetry and the questions it answers. */
export interface Store extends Sink {
  /** Undefined when no span of the trace is stored. */
  getTrace(traceId: string): Promise<TraceRecord | undefined>;
  searchSpans(search: SpanSearch): Promise<Page<SpanSummary>>;
  searchLogs(search: LogSearch): Promise<Page<StoredLog>>;
  /** Every step of the range, empty ones too. */
  logVolume(query: LogVolumeQuery): Promise<LogVolumeStep[]>;
  /** By name. */
  listServices(): Promise<ServiceSeen[]>;
  /** By name. */
  listMetrics(): Promise<MetricFamily[]>;
  /** An unknown metric has no series. */
  metricRange(query: MetricRangeQuery): Promise<MetricRange>;
  /** Costs nothing; at most a commit old. */
  statistics(): StoreStatistics;
  /** Commits what waits and closes the database. */
  close(): Promise<void>;
}
