import { ibexContract } from '@ibex/contract';
import type { ObservabilityConfig } from '@ibex/telemetry';
import {
  ConfigError,
  type ConfiguredValues,
  type ServiceName,
  startTelemetry,
  type Telemetry,
} from '@ibex/telemetry';
import { z } from 'zod';
import { readConfigFile } from './config-file.ts';
import { commonSettings, type Environment, readSettings } from './settings.ts';
import { SettingsError } from './settings-error.ts';
import { untilStopped } from './stop-signals.ts';

type CommonShape = typeof commonSettings;
export type SettingsOf<Shape extends z.ZodRawShape> = z.output<z.ZodObject<CommonShape>> &
  z.output<z.ZodObject<Shape>>;

/** Something that listens. */
export interface Server {
  readonly name: string;
  /** Resolves with the address once connections are accepted. */
  listen(): Promise<string>;
  /** Takes no new work and resolves when what was begun is done. */
  close(): Promise<unknown>;
}

export interface BuiltService {
  /** Listened on in this order, closed in reverse. */
  readonly servers: readonly Server[];
  /** Run in order after the servers are closed. */
  readonly stop?: readonly (() => Promise<unknown>)[];
}

export interface BuildContext<Settings> {
  readonly settings: Settings;
  readonly telemetry: Telemetry;
  readonly environment: Environment;
  /** The parsed `config.yaml`; empty when there is none. */
  readonly config: Readonly<Record<string, unknown>>;
}

export interface ServiceDefinition<Shape extends z.ZodRawShape> {
  readonly service: ServiceName;
  readonly version: string;
  /** The service's own variables; the common ones are added. */
  readonly settings: Shape;
  /** Values of the configured label sets, from settings and config file. */
  readonly configured?: (context: Omit<BuildContext<SettingsOf<Shape>>, 'telemetry'>) => ConfiguredValues;
  readonly build: (context: BuildContext<SettingsOf<Shape>>) => Promise<BuiltService>;
}

/**
 * Runs a service from reading its settings to its exit: telemetry, build, listen, wait for a signal, ordered stop
 * within `IBEX_STOP_TIMEOUT_MS`. A failed start is one clear line and exit code 1.
 */
export async function runService<Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Shape>,
): Promise<void> {
  const environment = process.env;
  const { context, telemetry } = startOrExit(definition, environment);
  const stopped = untilStopped({ stdin: context.settings.IBEX_STOP_ON_STDIN_END });
  const { logger } = telemetry;
  try {
    const built = await definition.build({ ...context, telemetry });
    for (const server of built.servers) {
      logger.info('listening', { operation: server.name, address: await server.listen() });
    }
    logger.info('started', { version: definition.version });
    const signal = await stopped;
    logger.info('stopping', { signal });
    const clean = await stopInOrder(built, { telemetry, timeoutMs: context.settings.IBEX_STOP_TIMEOUT_MS });
    process.exit(clean ? 0 : 1);
  } catch (error) {
    logger.error('could not start', { error: startError(error) });
    await telemetry.stop({ timeoutMs: 500 });
    process.exit(1);
  }
}

function startOrExit<Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Shape>,
  environment: Environment,
) {
  try {
    const schema = z.object({ ...commonSettings, ...definition.settings });
    const settings = readSettings(schema, environment) as SettingsOf<Shape>;
    const config = settings.IBEX_CONFIG === undefined ? {} : readConfigFile(settings.IBEX_CONFIG);
    const context = { settings, environment, config };
    const telemetry = startTelemetry({
      contract: ibexContract,
      service: definition.service,
      version: definition.version,
      environment,
      observability: config.observability as ObservabilityConfig,
      configured: definition.configured?.(context) ?? {},
    });
    return { context, telemetry };
  } catch (error) {
    if (!(error instanceof SettingsError || error instanceof ConfigError)) throw error;
    process.stderr.write(`ibex ${definition.service}: ${error.message}\n`);
    process.exit(1);
  }
}

/** A bad setting found while building needs no stack. */
function startError(error: unknown): unknown {
  return error instanceof SettingsError ? { name: error.name, message: error.message } : error;
}

/** Closes servers in reverse, runs the stop steps in order, flushes telemetry; false when time ran out. */
async function stopInOrder(
  built: BuiltService,
  { telemetry, timeoutMs }: { telemetry: Telemetry; timeoutMs: number },
): Promise<boolean> {
  const flushTimeoutMs = timeoutMs / 2;
  const steps = async () => {
    for (const server of built.servers.toReversed()) await attempt(() => server.close(), telemetry);
    for (const step of built.stop ?? []) await attempt(step, telemetry);
    return true;
  };
  const timeout = new Promise<false>((resolve) => setTimeout(() => resolve(false), flushTimeoutMs).unref());
  const clean = await Promise.race([steps(), timeout]);
  telemetry.logger.info(clean ? 'stopped' : 'stopped with work unfinished');
  await telemetry.stop({ timeoutMs: flushTimeoutMs });
  return clean;
}

/** One step that fails must not keep the others from running. */
async function attempt(step: () => Promise<unknown>, telemetry: Telemetry): Promise<void> {
  try {
    await step();
  } catch (error) {
    telemetry.logger.error('a stop step failed', { error });
  }
}
