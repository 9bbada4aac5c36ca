import { setTimeout as delay } from 'node:timers/promises';
import { ibexContract } from '@ibex/contract';
import type { ObservabilityConfig } from '@ibex/telemetry';
import {
  ConfigError,
  type ConfiguredValues,
  type ServiceName,
  startTelemetry,
  type Telemetry,
} from '@ibex/telemetry';
import { redactText } from '@ibex/telemetry/privacy';
import { z } from 'zod';
import { answerSettingsCheck, checksSettings } from './check-settings.ts';
import { readConfigFile } from './config-file.ts';
import { exitOnCrash } from './crash.ts';
import { collectStart, keepYoungObjectsYoung } from './garbage.ts';
import { commonSettings, type Environment, readSettings } from './settings.ts';
import { SettingsError } from './settings-error.ts';
import { listen, startErrorFields } from './start-error.ts';
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

const lastWordsTimeoutMs = 500;

/**
 * Runs a service from reading its settings to its exit: telemetry, build, listen, wait for a signal, ordered stop
 * within `IBEX_STOP_TIMEOUT_MS`. A failed start is one clear line and exit code 1. With `IBEX_CHECK_SETTINGS=true` it
 * only says what it thinks of its settings.
 */
export async function runService<Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Shape>,
): Promise<void> {
  if (checksSettings(process.env)) return answerSettingsCheck(definition, process.env);
  keepYoungObjectsYoung();
  const { context, telemetry } = await startOrExit(definition, process.env);
  const { logger } = telemetry;
  exitOnCrash(telemetry, { timeoutMs: lastWordsTimeoutMs });
  const stopped = untilStopped({ stdin: context.settings.IBEX_STOP_ON_STDIN_END });
  const run: Run = { built: { servers: [] } };
  const starting = start(definition, { context: { ...context, telemetry }, run });
  try {
    await Promise.race([starting, stopped]);
  } catch (error) {
    logger.error('could not start', startErrorFields(error));
    await Promise.race([close(run.built, () => {}), delay(lastWordsTimeoutMs)]);
    await telemetry.stop({ timeoutMs: lastWordsTimeoutMs });
    process.exit(1);
  }
  const signal = await stopped;
  logger.info('stopping', { signal });
  // A start under way is let finish: a store that is left half made is worse than a late stop.
  const steps = starting.catch(() => {}).then(() => closeLogged(run.built, telemetry));
  const clean = await stopWithin(context.settings.IBEX_STOP_TIMEOUT_MS, { steps, telemetry });
  process.exit(clean ? 0 : 1);
}

/** What there is to close, known as soon as it is built. */
interface Run {
  built: BuiltService;
}

async function start<Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Shape>,
  { context, run }: { context: BuildContext<SettingsOf<Shape>>; run: Run },
): Promise<void> {
  const { logger } = context.telemetry;
  run.built = await definition.build(context);
  for (const server of run.built.servers) {
    logger.info('listening', { operation: server.name, address: await listen(server) });
  }
  logger.info('started', { version: definition.version });
  collectStart();
}

async function startOrExit<Shape extends z.ZodRawShape>(
  definition: ServiceDefinition<Shape>,
  environment: Environment,
) {
  try {
    const schema = z.object({ ...commonSettings, ...definition.settings });
    const settings = readSettings(schema, environment) as SettingsOf<Shape>;
    const config = settings.IBEX_CONFIG === undefined ? {} : await readConfigFile(settings.IBEX_CONFIG);
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
    const isForOperator = error instanceof SettingsError || error instanceof ConfigError;
    const text = isForOperator ? error.message.replaceAll('\n', ' ') : stackOf(error);
    const message = redactText(text);
    process.stderr.write(`ibex ${definition.service}: ${message}\n`);
    process.exit(1);
  }
}

/** A fault of ours, with the place where it happened. */
function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function closeLogged(built: BuiltService, { logger }: Telemetry): Promise<void> {
  return close(built, (error) => logger.error('a stop step failed', { error }));
}

/** Closes servers in reverse and runs the stop steps in order. One that fails must not keep the others from running. */
async function close(built: BuiltService, onError: (error: unknown) => void): Promise<void> {
  const closers = built.servers.toReversed().map((server) => () => server.close());
  for (const step of [...closers, ...(built.stop ?? [])]) {
    try {
      await step();
    } catch (error) {
      onError(error);
    }
  }
}

/** Waits for the steps for half of the time, flushes telemetry in the other half; false when time ran out. */
async function stopWithin(
  timeoutMs: number,
  { steps, telemetry }: { steps: Promise<void>; telemetry: Telemetry },
): Promise<boolean> {
  const halfMs = timeoutMs / 2;
  // Not unreferenced: steps that wait for nothing the system knows of would end the process early.
  const clean = await Promise.race([steps.then(() => true), delay(halfMs, false)]);
  telemetry.logger.info(clean ? 'stopped' : 'stopped with work unfinished');
  await telemetry.stop({ timeoutMs: halfMs });
  return clean;
}
