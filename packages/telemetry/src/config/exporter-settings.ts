import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from './config-error.ts';
import { checkHeaders, parseEndpoint, parseHeaders } from './endpoint.ts';
import type { ObservabilityConfig } from './observability.ts';
import { type Environment, read, readBoolean, readOneOf } from './variables.ts';

/** Where and how OTLP is sent. */
export interface OtlpSettings {
  readonly protocol: 'grpc' | 'http';
  /** host:port, for gRPC. */
  readonly address: string;
  /** Base URL without `/v1/traces`, for HTTP. */
  readonly url: string;
  readonly insecure: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly caFile: string | undefined;
  readonly certificateFile: string | undefined;
  readonly keyFile: string | undefined;
}

export type ExporterSettings =
  | { readonly type: 'none' }
  | { readonly type: 'stdout' }
  | ({ readonly type: 'otlp' } & OtlpSettings);

const defaultEndpoints = { grpc: 'localhost:4317', 'http/protobuf': 'localhost:4318' } as const;

/**
 * Where spans go, from variables and the `observability:` block; variables win.
 * @throws {ConfigError} naming the variable or field as written.
 */
export function readExporter(
  environment: Environment,
  block: ObservabilityConfig,
  deployment: string,
): ExporterSettings {
  const own = block.tracing?.exporter;
  const fromEnvironment = environment.OTEL_EXPORTER_OTLP_ENDPOINT;
  // An empty variable is a statement, not an absence: it turns the export off.
  if (fromEnvironment?.trim() === '') return { type: 'none' };
  const type =
    fromEnvironment === undefined ? (own?.type ?? (own?.endpoint === undefined ? 'none' : 'otlp')) : 'otlp';
  if (type === 'none' || type === 'stdout') return { type };
  const field =
    fromEnvironment === undefined ? 'observability.tracing.exporter.endpoint' : 'OTEL_EXPORTER_OTLP_ENDPOINT';
  const protocol =
    readOneOf(environment, 'OTEL_EXPORTER_OTLP_PROTOCOL', ['grpc', 'http/protobuf']) ??
    (type === 'otlp_http' ? 'http/protobuf' : 'grpc');
  const endpoint = parseEndpoint(
    field,
    fromEnvironment?.trim() ?? own?.endpoint ?? defaultEndpoints[protocol],
    {
      insecure:
        readBoolean(environment, 'OTEL_EXPORTER_OTLP_INSECURE') ??
        own?.insecure ??
        deployment !== 'production',
    },
  );
  return {
    type: 'otlp',
    ...endpoint,
    protocol: protocol === 'grpc' ? 'grpc' : 'http',
    headers: {
      ...checkHeaders('observability.tracing.exporter.headers', own?.headers ?? {}),
      ...parseHeaders('OTEL_EXPORTER_OTLP_HEADERS', read(environment, 'OTEL_EXPORTER_OTLP_HEADERS')),
    },
    caFile: readPemFile(environment, 'OTEL_EXPORTER_OTLP_CERTIFICATE', {
      own: ['ca_file', own?.ca_file],
      ...certificate,
    }),
    certificateFile: readPemFile(environment, 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE', {
      own: ['cert_file', own?.cert_file],
      ...certificate,
    }),
    keyFile: readPemFile(environment, 'OTEL_EXPORTER_OTLP_CLIENT_KEY', {
      own: ['key_file', own?.key_file],
      ...privateKey,
    }),
  };
}

interface PemFile {
  readonly rule: string;
  /** Throws when the content is none. */
  readonly parse: (content: Buffer) => unknown;
}

const certificate: PemFile = {
  rule: 'a readable file with a certificate in PEM',
  parse: (content) => new X509Certificate(content),
};
const privateKey: PemFile = {
  rule: 'a readable file with a private key in PEM',
  parse: (content) => createPrivateKey(content),
};

/** The file that a variable or a field of the exporter's block names; looked into now, so that a wrong one is no riddle later. */
function readPemFile(
  environment: Environment,
  name: string,
  { own, rule, parse }: PemFile & { own: readonly [field: string, value: string | undefined] },
): string | undefined {
  const fromEnvironment = read(environment, name);
  const [ownField, ownValue] = own;
  const file = fromEnvironment ?? ownValue;
  if (file === undefined) return undefined;
  try {
    parse(readFileSync(file));
    return file;
  } catch {
    const field = fromEnvironment === undefined ? `observability.tracing.exporter.${ownField}` : name;
    throw new ConfigError(field, rule, file);
  }
}
