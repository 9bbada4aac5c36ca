import type { EncodedBatch } from './encode.ts';
import type { ErrorMessage } from './errors.ts';
import type { EncodedLog, EncodedTrace } from './rows.ts';
import type {
  LogSearch,
  LogVolumeQuery,
  LogVolumeStep,
  MetricFamily,
  MetricRange,
  MetricRangeQuery,
  Page,
  ServiceSeen,
  SpanSearch,
  SpanSummary,
  StoreStatistics,
} from './types.ts';

/** Every question the worker answers: what is asked and what comes back. */
export interface Reads {
  trace: { query: { traceId: string }; result: EncodedTrace | undefined };
  spans: { query: SpanSearch; result: Page<SpanSummary> };
  logs: { query: LogSearch; result: Page<EncodedLog> };
  logVolume: { query: LogVolumeQuery; result: LogVolumeStep[] };
  services: { query: null; result: ServiceSeen[] };
  metrics: { query: null; result: MetricFamily[] };
  metricRange: { query: MetricRangeQuery; result: MetricRange };
}

export type ReadKind = keyof Reads;

/** What the front sends. Replies carry the same id. */
export type Request =
  | { type: 'append'; id: number; batch: EncodedBatch }
  | { [Kind in ReadKind]: { type: 'read'; id: number; kind: Kind; query: Reads[Kind]['query'] } }[ReadKind]
  | { type: 'close'; id: number };

/** What the worker knows of the statistics; the front adds its queue. */
export type WorkerStatistics = Omit<
  StoreStatistics,
  'queuedBatches' | 'queuedRows' | 'queuedBytes' | 'failure'
>;

/** What the worker sends. `opened` or `refused` comes first and once. */
export type Reply =
  | { type: 'opened' }
  | { type: 'refused'; error: ErrorMessage }
  | { type: 'done'; id: number; result: unknown }
  | { type: 'failed'; id: number; error: ErrorMessage }
  | { type: 'statistics'; statistics: WorkerStatistics }
  /** Something in the background went wrong and will be tried again. */
  | { type: 'warning'; error: ErrorMessage };
