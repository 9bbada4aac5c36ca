import type { operations } from '@ibex/api/console';
import type { components } from '@ibex/api/telemetry';

type Schemas = components['schemas'];
type QueryOf<Id extends keyof operations> = NonNullable<operations[Id]['parameters']['query']>;

export type SpanQuery = QueryOf<'searchSpans'>;
export type LogQuery = QueryOf<'searchLogs'>;
export type LogVolumeQuery = QueryOf<'getLogVolume'>;
export type MetricRangeQuery = QueryOf<'queryMetricRange'>;

export interface CallOptions {
  /** Ends the call early: the browser left, or the answer is not worth waiting for any longer. */
  readonly signal?: AbortSignal;
}

/**
 * Where telemetry is read from. Every method takes what the console's API document allows and answers in its shapes.
 * All throw a Problem: 4xx for a query that cannot be answered, 502 `telemetry_unreachable`, `telemetry_refused` or
 * `telemetry_failed`, 504 `telemetry_timeout`.
 */
export interface TelemetryBackend {
  readonly kind: 'embedded' | 'grafana';
  services(options?: CallOptions): Promise<Schemas['ServiceList']>;
  trace(traceId: string, options?: CallOptions): Promise<Schemas['Trace']>;
  spans(query: SpanQuery, options?: CallOptions): Promise<Schemas['SpanPage']>;
  logs(query: LogQuery, options?: CallOptions): Promise<Schemas['LogPage']>;
  logVolume(query: LogVolumeQuery, options?: CallOptions): Promise<Schemas['LogVolume']>;
  metrics(options?: CallOptions): Promise<Schemas['MetricList']>;
  metricRange(
    request: { name: string; query: MetricRangeQuery },
    options?: CallOptions,
  ): Promise<Schemas['MetricRange']>;
  /** Resolves when the back end takes queries. */
  ready(options?: CallOptions): Promise<void>;
}
