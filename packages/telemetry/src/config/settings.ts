import { type LogFormat, type LogLevel, logFormats, logLevels } from '../logs/levels.ts';
import type { SamplerSettings } from '../traces/sampler.ts';
import { type BoundarySettings, readBoundaries } from './boundary-settings.ts';
import { ConfigError } from './config-error.ts';
import { type ExportQueueSettings, readExportQueue } from './export-queue-settings.ts';
import { type ExporterSettings, readExporter } from './exporter-settings.ts';
import { type FlightRecorderSettings, readFlightRecorder } from './flight-recorder-settings.ts';
import type { ObservabilityConfig } from './observability.ts';
import { checkObservability } from './observability.ts';
import { type Environment, read, readOneOf } from './variables.ts';

export type { ExporterSettings, OtlpSettings } from './exporter-settings.ts';

export interface TelemetrySettings {
  readonly serviceName: string;
  readonly deploymentEnvironment: string;
  readonly sampler: SamplerSettings;
  readonly exporter: ExporterSettings;
  readonly exportQueue: ExportQueueSettings;
  readonly flightRecorder: FlightRecorderSettings;
  readonly boundaries: BoundarySettings;
  readonly metrics: { readonly enabled: boolean; readonly path: string };
  readonly log: { readonly level: LogLevel; readonly format: LogFormat };
}

const defaultSampleRatio = 0.01;

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
  const sampler = readSampler(environment, block);
  return {
    serviceName:
      read(environment, 'OTEL_SERVICE_NAME') ??
      read(environment, 'IBEX_SERVICE_NAME') ??
      block.tracing?.service_name ??
      options.service,
    deploymentEnvironment,
    sampler: tracing ? sampler : { type: 'never' },
    exporter: tracing ? readExporter(environment, block, deploymentEnvironment) : { type: 'none' },
    exportQueue: readExportQueue(environment),
    flightRecorder: readFlightRecorder(environment),
    boundaries: readBoundaries(environment, block),
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
