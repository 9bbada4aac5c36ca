import { SettingsError } from '@ibex/service';

export interface StopTimes {
  /** From saying "not ready" to taking no connections. */
  readonly delayMs: number;
  /** For calls to end by themselves. */
  readonly timeoutMs: number;
  /** From the beginning of the stop to the end of writing usage: what is lost is still to be said then. */
  readonly usageMs: number;
}

export interface StopSettings {
  readonly IBEX_PROXY_DRAIN_DELAY_MS?: number | undefined;
  readonly IBEX_PROXY_DRAIN_TIMEOUT_MS?: number | undefined;
  readonly IBEX_STOP_TIMEOUT_MS: number;
}

/** Longest default of the delay, and of what is left to end calls that are not done and to hand over their usage. */
const longestPartMs = 500;
const partOfHalf = 1 / 4;
/** Of the half that is for ending calls, what may have passed when the last usage is given up. */
const usageShare = 0.9;

/** How much of the half that is for ending calls a stop of this length leaves for waiting. */
function drainableMs(halfMs: number): number {
  return Math.floor(halfMs - Math.min(longestPartMs, halfMs * partOfHalf));
}

/** The shortest `IBEX_STOP_TIMEOUT_MS` that leaves this much for waiting: `drainableMs` the other way round. */
function stopTimeoutFor(drainMs: number): number {
  return Math.ceil(2 * Math.min(drainMs + longestPartMs, drainMs / (1 - partOfHalf)));
}

function tooLong(settings: StopSettings, availableMs: number): SettingsError {
  const given = (['IBEX_PROXY_DRAIN_DELAY_MS', 'IBEX_PROXY_DRAIN_TIMEOUT_MS'] as const).filter(
    (name) => settings[name] !== undefined,
  );
  const sumMs = given.reduce((sum, name) => sum + (settings[name] ?? 0), 0);
  const [what, value] = given.length === 2 ? [' together', 'they are'] : ['', 'it is'];
  return new SettingsError(
    given.at(-1) ?? 'IBEX_STOP_TIMEOUT_MS',
    `${given.join(' and ')}${what} must be at most ${availableMs} with IBEX_STOP_TIMEOUT_MS=${settings.IBEX_STOP_TIMEOUT_MS}, half of which is for telemetry: ${value} ${sumMs}. Set IBEX_STOP_TIMEOUT_MS=${stopTimeoutFor(sumMs)} or more.`,
  );
}

/**
 * The times of an ordered stop. Half of `IBEX_STOP_TIMEOUT_MS` is for delivering telemetry, and the end of the other
 * for ending the calls that are left: what was not set takes what that leaves.
 *
 * @throws {SettingsError} when what was set takes longer.
 */
export function readStopTimes(settings: StopSettings): StopTimes {
  const { IBEX_PROXY_DRAIN_DELAY_MS: delay, IBEX_PROXY_DRAIN_TIMEOUT_MS: timeout } = settings;
  const halfMs = settings.IBEX_STOP_TIMEOUT_MS / 2;
  const availableMs = drainableMs(halfMs);
  if ((delay ?? 0) + (timeout ?? 0) > availableMs) throw tooLong(settings, availableMs);
  const defaultDelayMs = Math.min(longestPartMs, Math.floor(halfMs * partOfHalf));
  const delayMs = delay ?? Math.min(defaultDelayMs, availableMs - (timeout ?? 0));
  return { delayMs, timeoutMs: timeout ?? availableMs - delayMs, usageMs: halfMs * usageShare };
}
