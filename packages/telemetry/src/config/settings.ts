import { readFileSync } from 'node:fs';
import type { HttpBusEndpoint } from '../flight-recorder/http-request.ts';
import { type LogFormat, type LogLevel, logFormats, logLevels } from '../logs/levels.ts';
import type { SamplerSettings } from '../traces/sampler.ts';
import { ConfigError } from './config-error.ts';
import { parseEndpoint, parseHeaders } from './endpoint.ts';
import type { ObservabilityConfig } from './observability.ts';
import { checkObservability } from './observability.ts';

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

export interface TelemetrySettings {
  readonly serviceName: string;
  readonly deploymentEnvironment: string;
  readonly sampler: SamplerSettings;
  readonly exporter: ExporterSettings;
  /** `bytes` 0 turns it off. */
  readonly flightRecorder: { readonly bytes: number; readonly bus: HttpBusEndpoint | undefined };
  readonly metrics: { readonly enabled: boolean; readonly path: string };
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
}

type Environment = Readonly<Record<string, string | undefined>>;

const defaultSampleRatio = 0.01;
const defaultFlightRecorderBytes = 16 * 1024 * 1024;
const smallestFlightRecorderBytes = 64 * 1024;
const largestFlightRecorderBytes = 1024 * 1024 * 1024;

/** The variable's value, undefined when it is unset or empty. */
function read(environment: Environment, name: string): string | undefined {
  const value = environment[name]?.trim();
  return value === '' ? undefined : value;
}

/**
 * Settles every setting from variables and the `observability:` block; variables win.
 * @throws {ConfigError} naming the variable or field as written.
 */
export function readTelemetrySettings(options: {
  service: string;
  environment: Environment;
  observability: ObservabilityConfig | undefined;
}): TelemetrySettings {
  const { environment } = options;
  const block = checkObservability(options.observability);
  const enabled = block.enabled !== false;
  const deploymentEnvironment =
    read(environment, 'OTEL_DEPLOYMENT_ENVIRONMENT') ?? read(environment, 'IBEX_ENV') ?? 'development';
  const tracing = enabled && block.tracing?.enabled !== false;
  return {
    serviceName:
      read(environment, 'OTEL_SERVICE_NAME') ??
      read(environment, 'IBEX_SERVICE_NAME') ??
      block.tracing?.service_name ??
      options.service,
    deploymentEnvironment,
    sampler: tracing ? readSampler(environment, block) : { type: 'never' },
    exporter: tracing ? readExporter(environment, block, deploymentEnvironment) : { type: 'none' },
    flightRecorder: { bytes: readFlightRecorderBytes(environment), bus: readKeepBus(environment) },
    metrics: {
      enabled: enabled && block.metrics?.enabled !== false,
      path: block.metrics?.path ?? '/metrics',
    },
    log: {
      level: readOneOf(environment, 'IBEX_LOG_LEVEL', logLevels) ?? 'INFO',
      format: readOneOf(environment, 'IBEX_LOG_FORMAT', logFormats) ?? 'json',
    },
  };
}

function readOneOf<Value extends string>(
  environment: Environment,
  name: string,
  values: readonly Value[],
): Value | undefined {
  const value = read(environment, name);
  if (value === undefined) return undefined;
  const found = values.find((candidate) => candidate.toLowerCase() === value.toLowerCase());
  if (found === undefined) throw new ConfigError(name, `one of ${values.join(', ')}`, value);
  return found;
}

function readSampler(environment: Environment, block: ObservabilityConfig): SamplerSettings {
  const ratio = readRatio(environment, 'OTEL_SAMPLE_RATIO');
  if (ratio !== undefined) return { type: 'probability', ratio };
  const sampler = block.tracing?.sampler;
  if (sampler?.type === 'always' || sampler?.type === 'never') return { type: sampler.type };
  const fallback = readRatio(environment, 'IBEX_DEFAULT_SAMPLE_RATIO') ?? defaultSampleRatio;
  return { type: 'probability', ratio: sampler?.rate ?? fallback };
}

function readRatio(environment: Environment, name: string): number | undefined {
  const text = read(environment, name);
  if (text === undefined) return undefined;
  const ratio = Number(text);
  if (!(ratio >= 0 && ratio <= 1)) throw new ConfigError(name, 'a number between 0 and 1', text);
  return ratio;
}

function readExporter(
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
  const endpoint = parseEndpoint(field, fromEnvironment?.trim() ?? own?.endpoint ?? 'localhost:4317', {
    insecure:
      readBoolean(environment, 'OTEL_EXPORTER_OTLP_INSECURE') ?? own?.insecure ?? deployment !== 'production',
  });
  return {
    type: 'otlp',
    ...endpoint,
    protocol: protocol === 'grpc' ? 'grpc' : 'http',
    headers: {
      ...own?.headers,
      ...parseHeaders('OTEL_EXPORTER_OTLP_HEADERS', read(environment, 'OTEL_EXPORTER_OTLP_HEADERS')),
    },
    caFile: read(environment, 'OTEL_EXPORTER_OTLP_CERTIFICATE') ?? own?.ca_file,
    certificateFile: read(environment, 'OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE') ?? own?.cert_file,
    keyFile: read(environment, 'OTEL_EXPORTER_OTLP_CLIENT_KEY') ?? own?.key_file,
  };
}

function readFlightRecorderBytes(environment: Environment): number {
  const name = 'IBEX_FLIGHT_RECORDER_BYTES';
  const text = read(environment, name);
  if (text === undefined) return defaultFlightRecorderBytes;
  const bytes = Number(text);
  const inRange = bytes >= smallestFlightRecorderBytes && bytes <= largestFlightRecorderBytes;
  if (bytes === 0 || (Number.isInteger(bytes) && inRange)) return bytes;
  const rule = `0, or a whole number of bytes from ${smallestFlightRecorderBytes} to ${largestFlightRecorderBytes}`;
  throw new ConfigError(name, rule, text);
}

function readKeepBus(environment: Environment): HttpBusEndpoint | undefined {
  const url = read(environment, 'IBEX_KEEP_BUS_URL');
  if (url === undefined) return undefined;
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new ConfigError('IBEX_KEEP_BUS_URL', 'an http(s) URL, e.g. http://localhost:4318', url);
  }
  return { url, token: readSecret(environment, 'IBEX_KEEP_BUS_TOKEN') };
}

/** The value of `NAME`, or of the file that `NAME_FILE` names. */
function readSecret(environment: Environment, name: string): string | undefined {
  const file = read(environment, `${name}_FILE`);
  const value = read(environment, name);
  if (value !== undefined || file === undefined) return value;
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    throw new ConfigError(`${name}_FILE`, 'the name of a readable file', file);
  }
}

function readBoolean(environment: Environment, name: string): boolean | undefined {
  const value = readOneOf(environment, name, ['true', 'false']);
  return value === undefined ? undefined : value === 'true';
}
