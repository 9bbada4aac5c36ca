import type { SourceModule } from './module.ts';

/** Every rule that one file can be held against, with what it asks. */
export const sourceRules = {
  'binary-starts-telemetry': 'every runtime binary starts telemetry',
  'http-server-wrapped': 'every HTTP server has telemetry, registered first',
  'grpc-server-intercepted': 'every gRPC server has the telemetry interceptor',
  'consumer-span': 'every consumer opens a processing span for each message',
  'metrics-confined': 'only telemetry imports a metrics client or registers a metric',
  'tracing-confined': 'only telemetry imports a tracing SDK',
  'logging-confined': 'only telemetry imports a log library',
  'output-sanitised': 'services write nothing past the logger',
  'errors-sanitised': 'no answer carries a stack or an unsanitised error',
  'endpoint-wired': 'OTEL_EXPORTER_OTLP_ENDPOINT reaches every binary',
} as const;

export type SourceRule = keyof typeof sourceRules;

/** What a project may name differently. */
export interface SourceNames {
  /** Functions that start telemetry; they read `OTEL_EXPORTER_OTLP_ENDPOINT`. */
  readonly starters: readonly string[];
  /** Modules whose exports wrap a server or open a span for a message. */
  readonly wrappers: readonly string[];
}

export const defaultNames: SourceNames = {
  starters: ['runService', 'startTelemetry'],
  wrappers: [
    '@ibex/telemetry/http',
    '@ibex/telemetry/http/express',
    '@ibex/telemetry/http/hono',
    '@ibex/telemetry/http/node',
    '@ibex/telemetry/grpc',
    '@ibex/telemetry/messaging',
    '@ibex/service',
  ],
};

/** Told of each place where a rule does not hold, by its offset in the text. */
export type SourceReport = (rule: SourceRule, offset: number, message: string) => void;

export interface RuleContext {
  readonly names: SourceNames;
  readonly report: SourceReport;
}

/** Holds one file against one rule or several that look at the same thing. */
export type FileRule = (module: SourceModule, context: RuleContext) => void;
