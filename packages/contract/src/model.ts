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

/**
 * Which services that an extending contract adds take part as well: every one, or each that declares routes. Their
 * names join the label `service`, their routes the label that differs by service.
 */
export type JoinedBy = 'every_service' | 'http_services';

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
  /** Which services of an extending contract move it, too; without it none do. */
  readonly joinedBy?: JoinedBy;
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
  /** Which services of an extending contract emit it, too; without it none do. */
  readonly joinedBy?: JoinedBy;
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
  /** gRPC methods whose calls the metric measures, as `package.Service/Method`: slower ones are kept. */
  readonly rpcMethods?: readonly string[];
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

/**
 * What becomes of the trace a caller names: it is continued, with the caller's sampling; a new one begins, sampled by our
 * own rule, with a link to the caller's span; or a new one begins and the caller's is not mentioned.
 */
export type TraceRule = 'accept' | 'restart' | 'drop';
/** What becomes of another header that came in. */
export type AcceptRule = 'accept' | 'drop';
/** What becomes of a header on its way out. */
export type SendRule = 'send' | 'drop';

/** Where requests come in, and what is believed of them. */
export interface ListenerDefinition {
  readonly help: string;
  readonly service: string;
  readonly protocol: 'http' | 'grpc';
  /** Public: anybody may call. Internal: services of our own, and people who operate them. */
  readonly exposure: 'public' | 'internal';
  readonly traceparent: TraceRule;
  readonly tracestate: AcceptRule;
  /** Only the keys of `baggageKeys` are ever taken. */
  readonly baggage: AcceptRule;
  /** A value that is no proper id is replaced in any case. */
  readonly requestId: AcceptRule;
  /** The organisation a caller says it acts for, without a token that proves it. */
  readonly tenant: AcceptRule;
}

/** Whom we call, and what is told them. */
export interface HostDefinition {
  readonly help: string;
  /** Host names of URLs that mean this one, e.g. `billing.internal` or `*.internal`; a caller may also say which it is. */
  readonly names?: readonly string[];
  readonly traceparent: SendRule;
  readonly tracestate: SendRule;
  readonly baggage: SendRule;
  readonly requestId: SendRule;
  readonly tenant: SendRule;
}

/** At which boundary which header is trusted. A listener or host that is not declared is a stranger. */
export interface BoundaryDefinitions {
  readonly listeners: Readonly<Record<string, ListenerDefinition>>;
  readonly hosts: Readonly<Record<string, HostDefinition>>;
  /** The only baggage that is taken in and sent on. */
  readonly baggageKeys: readonly string[];
}

/** All that may be measured, traced, logged and kept. */
export interface ContractDefinition {
  readonly services: readonly string[];
  /** Prefixes a metric name may start with, each followed by `_`. */
  readonly namespaces: readonly string[];
  readonly budget: SeriesBudget;
  readonly metrics: Readonly<Record<string, MetricDefinition>>;
  readonly spans: Readonly<Record<string, SpanDefinition>>;
  /** Route templates by service; the services named here serve HTTP. */
  readonly routes?: Readonly<Record<string, ClosedValues>>;
  readonly boundaries?: BoundaryDefinitions;
  readonly resourceAttributes: readonly string[];
  readonly correlationFields: readonly string[];
  readonly logFields: Readonly<Record<string, LogFieldDefinition>>;
  readonly sensitiveKeys: readonly string[];
  readonly auditMetadataKeys: readonly string[];
  readonly slos: Readonly<Record<string, SloDefinition>>;
  readonly retention: Retention;
}
