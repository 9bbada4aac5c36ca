import { checkHeaders, parseEndpoint, parseHeaders } from './endpoint.ts';
import type { ObservabilityConfig } from './observability.ts';
import { otlpVariable } from './otlp-variables.ts';
import { readTlsFiles, type TlsFiles } from './tls-files.ts';
import { type Environment, read, readBoolean, readInteger, readOneOf } from './variables.ts';

/** Where and how OTLP is sent. */
export interface OtlpSettings extends TlsFiles {
  readonly protocol: 'grpc' | 'http';
  /** host:port, for gRPC. */
  readonly address: string;
  /** What spans are posted to, for HTTP. */
  readonly url: string;
  readonly insecure: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly compression: 'none' | 'gzip';
  /** Longest time one attempt may take. */
  readonly timeoutMs: number;
}

export type ExporterSettings =
  | { readonly type: 'none' }
  | { readonly type: 'stdout' }
  | ({ readonly type: 'otlp' } & OtlpSettings);

type ExporterBlock = NonNullable<NonNullable<ObservabilityConfig['tracing']>['exporter']>;

const common = 'OTEL_EXPORTER_OTLP_ENDPOINT';
const forTraces = 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT';
const defaultEndpoints = { grpc: 'localhost:4317', 'http/protobuf': 'localhost:4318' } as const;
const defaultTimeoutMs = 10_000;
const timeoutBounds = { minimum: 1, maximum: 600_000, unit: 'milliseconds' };

/**
 * Where spans go, from variables and the `observability:` block; variables win, those for traces over those for every
 * signal.
 * @throws {ConfigError} naming the variable or field as written.
 */
export function readExporter(
  environment: Environment,
  block: ObservabilityConfig,
  deployment: string,
): ExporterSettings {
  const own = block.tracing?.exporter ?? {};
  const endpoint = findEndpoint(environment, own);
  if (endpoint.type === 'none' || endpoint.type === 'stdout') return { type: endpoint.type };
  const protocol =
    readOneOf(environment, otlpVariable(environment, 'PROTOCOL'), ['grpc', 'http/protobuf']) ??
    (endpoint.type === 'otlp_http' ? 'http/protobuf' : 'grpc');
  const parsed = parseEndpoint(endpoint.field, endpoint.value ?? defaultEndpoints[protocol], {
    insecure:
      readBoolean(environment, otlpVariable(environment, 'INSECURE')) ??
      own.insecure ??
      deployment !== 'production',
  });
  return {
    type: 'otlp',
    ...parsed,
    url: endpoint.field === forTraces ? parsed.url : `${parsed.url.replace(/\/$/, '')}/v1/traces`,
    protocol: protocol === 'grpc' ? 'grpc' : 'http',
    headers: readHeaders(environment, own),
    compression: readOneOf(environment, otlpVariable(environment, 'COMPRESSION'), ['none', 'gzip']) ?? 'none',
    timeoutMs:
      readInteger(environment, otlpVariable(environment, 'TIMEOUT'), timeoutBounds) ?? defaultTimeoutMs,
    ...readTlsFiles(environment, own),
  };
}

interface Endpoint {
  readonly type: NonNullable<ExporterBlock['type']>;
  /** Who says it, as the operator wrote it. */
  readonly field: string;
  readonly value: string | undefined;
}

function findEndpoint(environment: Environment, own: ExporterBlock): Endpoint {
  const tracesEndpoint = read(environment, forTraces);
  if (tracesEndpoint !== undefined) return { type: 'otlp', field: forTraces, value: tracesEndpoint };
  const endpoint = environment[common]?.trim();
  // An empty variable is a statement, not an absence: it turns the export off.
  if (endpoint === '') return { type: 'none', field: common, value: undefined };
  if (endpoint !== undefined) return { type: 'otlp', field: common, value: endpoint };
  return {
    type: own.type ?? (own.endpoint === undefined ? 'none' : 'otlp'),
    field: 'observability.tracing.exporter.endpoint',
    value: own.endpoint,
  };
}

function readHeaders(environment: Environment, own: ExporterBlock): Record<string, string> {
  const name = otlpVariable(environment, 'HEADERS');
  return {
    ...checkHeaders('observability.tracing.exporter.headers', own.headers ?? {}),
    ...parseHeaders(name, read(environment, name)),
  };
}
