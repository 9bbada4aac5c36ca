/** A closed set of label values, known when the contract is written. */
export type ClosedValues = readonly string[];

/** A closed set that differs by service, e.g. route templates. */
export interface PerServiceValues {
  readonly perService: Readonly<Record<string, ClosedValues>>;
}

/** A set that configuration closes at start-up, e.g. model names; it never grows beyond `limit`. */
export interface ConfiguredValues {
  readonly configured: string;
  readonly limit: number;
}

export type LabelValues = ClosedValues | PerServiceValues | ConfiguredValues;

export type MetricType = 'counter' | 'gauge' | 'histogram';

/** One metric of the catalog. Every label has a closed set of values; whatever falls outside becomes `other`. */
export interface MetricDefinition {
  readonly type: MetricType;
  /** `seconds` and `bytes` end the name (before `_total`); anything else names what is counted. */
  readonly unit: string;
  readonly help: string;
  readonly labels: Readonly<Record<string, LabelValues>>;
  /** Upper bounds of a histogram's buckets, ascending, without +Inf. */
  readonly buckets?: readonly number[];
  /** Whether a counter or histogram shows, in OpenMetrics, which kept traces its observations come from. */
  readonly exemplars?: boolean;
  /** The services that move it. */
  readonly services: readonly string[];
  /** Rules of `ibex gate metrics` and promtool that it breaks on purpose, each with the reason. */
  readonly lintExceptions?: Readonly<Record<string, string>>;
}

export type SpanKindName = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

/** A span the services emit: how it is named and what it carries. */
export interface SpanDefinition {
  /** The name, with placeholders in braces: `{method} {route}`. */
  readonly name: string;
  readonly kind: SpanKindName;
  readonly service: readonly string[];
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

export type LogFieldType = 'string' | 'number' | 'boolean' | 'object';

export interface LogFieldDefinition {
  readonly type: LogFieldType;
  readonly help: string;
}

/** A share of observations of a histogram that must lie at or below a threshold. */
export interface SloDefinition {
  readonly surface: string;
  readonly metric: string;
  /** Label values the objective is restricted to; empty selects all. */
  readonly selector: Readonly<Record<string, readonly string[]>>;
  /** Share of good observations, e.g. 0.95 for a p95. */
  readonly objective: number;
  /** The threshold as the requirement states it. */
  readonly thresholdSeconds: number;
  /** The bucket boundary it is evaluated at: equal to the threshold or stricter. */
  readonly evaluatedAtSeconds: number;
}

export interface Retention {
  readonly metricsDays: number;
  readonly tracesDays: number;
  readonly logsDays: number;
  readonly auditDays: number;
}

export interface SeriesBudget {
  /** Worst-case series of one metric in one process. */
  readonly perMetric: number;
  /** Worst-case series of one process. */
  readonly perService: number;
}

/** All that may be measured, traced, logged and kept. */
export interface ContractDefinition {
  readonly services: readonly string[];
  /** Prefixes a metric name may start with, each followed by `_`. */
  readonly namespaces: readonly string[];
  readonly budget: SeriesBudget;
  readonly metrics: Readonly<Record<string, MetricDefinition>>;
  readonly spans: Readonly<Record<string, SpanDefinition>>;
  readonly resourceAttributes: readonly string[];
  readonly correlationFields: readonly string[];
  readonly logFields: Readonly<Record<string, LogFieldDefinition>>;
  readonly sensitiveKeys: readonly string[];
  readonly auditMetadataKeys: readonly string[];
  readonly slos: Readonly<Record<string, SloDefinition>>;
  readonly retention: Retention;
}
