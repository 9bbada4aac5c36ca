import { randomUUID } from 'node:crypto';
import type { IbexContract } from '@ibex/contract';
import { Boundaries } from './boundaries/boundaries.ts';
import type { ExportQueueSettings } from './config/export-queue-settings.ts';
import type { ObservabilityConfig } from './config/observability.ts';
import { readSentry } from './config/sentry-settings.ts';
import { type ExporterSettings, readTelemetrySettings, type TelemetrySettings } from './config/settings.ts';
import { BatchQueue } from './export/batch-queue.ts';
import type { Resource } from './export/encode.ts';
import type { SpanExporter } from './export/exporter.ts';
import { holdEncoded } from './export/held-span.ts';
import { createLazyExporter } from './export/lazy-exporter.ts';
import { createLossReport, type LossReport } from './export/loss-report.ts';
import { joinOutputs, type SpanOutput } from './export/span-output.ts';
import { createStdoutExporter } from './export/stdout-exporter.ts';
import { readTlsFiles } from './export/tls-files.ts';
import { createKeepBus } from './flight-recorder/create-keep-bus.ts';
import { FlightRecorder } from './flight-recorder/flight-recorder.ts';
import type { KeepBus } from './flight-recorder/keep-bus.ts';
import { type LogDestination, stdoutDestination } from './logs/destination.ts';
import { createLogger, type Logger } from './logs/logger.ts';
import { createExemplarSource } from './metrics/exemplar-source.ts';
import { MetricRegistry } from './metrics/registry.ts';
import { startRuntimeMetrics } from './metrics/runtime/start-runtime-metrics.ts';
import { ViolationReport } from './metrics/violation-report.ts';
import { registerOpenTelemetry } from './open-telemetry/register.ts';
import {
  adaptUserExporter,
  UserProcessors,
  type UserSpanExporter,
  type UserSpanProcessor,
} from './open-telemetry/user-exporters.ts';
import { createSanitiser, type Sanitiser } from './privacy/sanitiser.ts';
import { createSentryReporter } from './sentry/create-sentry-reporter.ts';
import type { ConfiguredValues, OwnContract, Telemetry, TelemetryOf } from './telemetry.ts';
import { createSampler } from './traces/sampler.ts';
import { Tracer } from './traces/tracer.ts';

export interface TelemetryOptions<Contract extends OwnContract = IbexContract> {
  /** The shipped contract, or one that extends it. */
  readonly contract: Contract;
  readonly service: Contract['services'][number];
  /** Default `0.0.0`. */
  readonly version?: string;
  /** Default `process.env`. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** The `observability:` block of `config.yaml`; variables win over it. */
  readonly observability?: ObservabilityConfig;
  /** Values that close the configured label sets, e.g. the models of the configuration. */
  readonly configured?: ConfiguredValues<Contract>;
  /** Where log lines go. Default: standard output. */
  readonly destination?: LogDestination;
  /** Replaces the exporter that the settings name, e.g. by one that keeps spans in memory. */
  readonly exporter?: SpanExporter;
  /** Further exporters of the OpenTelemetry SDK's kind; each gets a bounded queue of its own. */
  readonly spanExporters?: readonly UserSpanExporter[];
  /**
   * Processors of the OpenTelemetry SDK's kind, given every recorded span when it starts, and every span that is exported
   * when it has ended.
   */
  readonly spanProcessors?: readonly UserSpanProcessor[];
  /** False leaves `@opentelemetry/api` alone: spans of other libraries are then not recorded. Default true. */
  readonly openTelemetry?: boolean;
  /** Replaces the bus that the settings name: how processes tell one another which traces to keep. */
  readonly keepBus?: KeepBus;
}

const defaultStopTimeoutMs = 2_000;

/**
 * Starts the telemetry of a process: metrics of the contract, logs on standard output, spans exported as OTLP.
 *
 * @example
 * ```ts
 * const telemetry = startTelemetry({ contract: ibexContract, service: 'proxy', version: '0.1.0' });
 * telemetry.metrics.counter('ibex_proxy_rate_limited_total').increment({ result: 'allowed' });
 * await telemetry.stop();
 * ```
 * @throws {ConfigError} naming the variable or field that cannot be used.
 */
export function startTelemetry<const Contract extends OwnContract>(
  options: TelemetryOptions<Contract>,
): TelemetryOf<Contract> {
  // What the toolkit itself records is in every contract that extends the shipped one.
  return start(options as unknown as TelemetryOptions) as unknown as TelemetryOf<Contract>;
}

function start(options: TelemetryOptions): Telemetry {
  const { contract, service } = options;
  const environment = options.environment ?? process.env;
  const settings = readTelemetrySettings({
    service,
    environment,
    observability: options.observability,
  });
  const violations = new ViolationReport();
  const metrics = new MetricRegistry(contract, {
    service,
    configured: options.configured ?? {},
    onViolation: (kind, place) => violations.add(kind, place),
  });
  const dropped = metrics.counter('ibex_telemetry_dropped_total');
  const destination =
    options.destination ??
    stdoutDestination(() => dropped.increment({ signal: 'logs', reason: 'queue_full' }));
  const sanitiser = createSanitiser(contract.sensitiveKeys);
  const logger: Logger<IbexContract> = createLogger({
    onError: (entry) => sentry?.capture(entry),
    ...{ service, ...settings.log, sanitiser, destination },
    fields: new Set(Object.keys(contract.logFields)),
    onUnknownField: (field) => metrics.reportViolation('log_field', field),
  });
  violations.connect(logger);
  const resource: Resource = {
    'service.name': settings.serviceName,
    'service.version': options.version ?? '0.0.0',
    'deployment.environment': settings.deploymentEnvironment,
    'service.instance.id': randomUUID(),
  };
  const sentry = createSentryReporter({
    ...{ settings: readSentry(environment, resource), resource, metrics, logger, sanitiser },
  });
  const exporter = options.exporter ?? createExporter(settings.exporter, { resource, destination });
  const losses = createLossReport(logger, { message: 'spans dropped', signal: 'traces' });
  const processors = createProcessors(options, { resource, sanitiser, metrics, losses, logger });
  const output = createOutput(exporter, { options, settings, resource, metrics, losses, processors });
  const flightRecorder = output && createFlightRecorder(output, { settings, metrics, logger, options });
  if (output !== undefined) metrics.exemplars.source = createExemplarSource(flightRecorder);
  const tracer = new Tracer({
    sampler: createSampler(output === undefined ? { type: 'never' } : settings.sampler),
    sanitiser,
    onEnd: (span) => (flightRecorder === undefined ? output?.add(span) : flightRecorder.end(span)),
    recordsUnsampled: flightRecorder !== undefined,
    onKeep: (span, reason) => flightRecorder?.mark(span, reason),
    onStart: processors && ((span, from) => processors.start(span, from)),
  });
  metrics.gauge('ibex_process_up').set({ service }, 1);
  const stopRuntimeMetrics = settings.metrics.enabled ? startRuntimeMetrics(metrics) : () => {};
  const telemetry: Telemetry = {
    service,
    contract,
    resource,
    settings,
    metrics,
    logger,
    tracer,
    flightRecorder,
    sanitiser,
    boundaries: new Boundaries(contract, { service, settings: settings.boundaries }),
    stop: async ({ timeoutMs = defaultStopTimeoutMs } = {}) => {
      await Promise.all([flightRecorder?.stop(timeoutMs), output?.stop(timeoutMs), sentry?.stop(timeoutMs)]);
      unregister?.();
      stopRuntimeMetrics();
      losses.flush();
      violations.flush();
      destination.flush();
    },
  };
  const unregister = options.openTelemetry === false ? undefined : registerOpenTelemetry(telemetry);
  return telemetry;
}

function createExporter(
  settings: ExporterSettings,
  { resource, destination }: { resource: Resource; destination: LogDestination },
): SpanExporter | undefined {
  if (settings.type === 'none') return undefined;
  if (settings.type === 'stdout') return createStdoutExporter(destination, resource);
  const files = readTlsFiles(settings);
  return createLazyExporter(
    async () =>
      settings.protocol === 'grpc'
        ? (await import('./export/grpc-exporter.ts')).createGrpcExporter(settings, resource, { files })
        : (await import('./export/http-exporter.ts')).createHttpExporter(settings, resource, { files }),
    { hold: holdEncoded },
  );
}

/** The recorder of what is not sampled, unless its size is 0. */
function createFlightRecorder(
  output: SpanOutput,
  {
    settings,
    metrics,
    logger,
    options,
  }: {
    settings: TelemetrySettings;
    metrics: MetricRegistry<IbexContract>;
    logger: Logger<IbexContract>;
    options: TelemetryOptions;
  },
): FlightRecorder | undefined {
  const { bytes, bus } = settings.flightRecorder;
  if (bytes === 0) return undefined;
  return new FlightRecorder({
    bytes,
    contract: options.contract,
    metrics,
    export: (span) => output.add(span),
    bus: options.keepBus ?? createKeepBus(bus, { metrics, logger }),
  });
}

/** Where spans go: to the exporter, and to what the user brought. */
function createOutput(
  exporter: SpanExporter | undefined,
  {
    options,
    settings,
    resource,
    metrics,
    losses,
    processors,
  }: {
    options: TelemetryOptions;
    settings: TelemetrySettings;
    resource: Resource;
    metrics: MetricRegistry<IbexContract>;
    losses: LossReport;
    processors: UserProcessors | undefined;
  },
): SpanOutput | undefined {
  const { spanExporters = [] } = options;
  const adapted = spanExporters.map((own) => adaptUserExporter(own, resource));
  const exporters = exporter === undefined ? adapted : [exporter, ...adapted];
  return joinOutputs([
    ...exporters.map((each) => createQueue(each, { limits: settings.exportQueue, metrics, losses })),
    ...(processors === undefined ? [] : [processors]),
  ]);
}

/** The processors the user brought, if any. */
function createProcessors(
  { spanProcessors = [] }: TelemetryOptions,
  {
    metrics,
    losses,
    logger,
    ...own
  }: {
    resource: Resource;
    sanitiser: Sanitiser;
    metrics: MetricRegistry<IbexContract>;
    losses: LossReport;
    logger: Logger<IbexContract>;
  },
): UserProcessors | undefined {
  if (spanProcessors.length === 0) return undefined;
  const dropped = metrics.counter('ibex_telemetry_dropped_total');
  return new UserProcessors(spanProcessors, {
    ...own,
    onFailed: (detail) => {
      dropped.increment({ signal: 'traces', reason: 'refused' });
      losses.add(1, 'refused', detail);
    },
    onStartFailed: (reason) =>
      logger.warn('a span processor failed', { signal: 'traces', operation: 'onStart', reason }),
  });
}

/** The queue in front of an exporter; losses are counted at once. */
function createQueue(
  exporter: SpanExporter,
  {
    limits,
    metrics,
    losses,
  }: { limits: ExportQueueSettings; metrics: MetricRegistry<IbexContract>; losses: LossReport },
): BatchQueue {
  const exported = metrics.counter('ibex_telemetry_exported_total').bind({ signal: 'traces' });
  const dropped = metrics.counter('ibex_telemetry_dropped_total');
  return new BatchQueue(exporter, {
    ...limits,
    onExported: (count) => exported.increment(count),
    onDropped: (count, reason, detail) => {
      dropped.increment({ signal: 'traces', reason }, count);
      losses.add(count, reason, detail);
    },
  });
}
