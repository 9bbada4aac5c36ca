import { setTimeout as wait } from 'node:timers/promises';
import { SettingsError } from '@ibex/service';
import type { FastifyInstance } from 'fastify';
import type { CallsInFlight } from './calls/calls-in-flight.ts';

const sweepEveryMs = 50;

export interface StopTimes {
  /** From saying "not ready" to taking no connections. */
  readonly delayMs: number;
  /** For calls to end by themselves. */
  readonly timeoutMs: number;
}

/**
 * The times of an ordered stop.
 *
 * @throws {SettingsError} when the process would be gone before they are over.
 */
export function readStopTimes(settings: {
  readonly IBEX_PROXY_DRAIN_DELAY_MS: number;
  readonly IBEX_PROXY_DRAIN_TIMEOUT_MS: number;
  readonly IBEX_STOP_TIMEOUT_MS: number;
}): StopTimes {
  const delayMs = settings.IBEX_PROXY_DRAIN_DELAY_MS;
  const timeoutMs = settings.IBEX_PROXY_DRAIN_TIMEOUT_MS;
  // The other half of the time is for delivering telemetry.
  const availableMs = settings.IBEX_STOP_TIMEOUT_MS / 2;
  if (delayMs + timeoutMs <= availableMs) return { delayMs, timeoutMs };
  throw new SettingsError(
    'IBEX_PROXY_DRAIN_TIMEOUT_MS',
    `IBEX_PROXY_DRAIN_TIMEOUT_MS and IBEX_PROXY_DRAIN_DELAY_MS together must be at most half of IBEX_STOP_TIMEOUT_MS, which is ${availableMs}: they are ${delayMs + timeoutMs}. Raise IBEX_STOP_TIMEOUT_MS.`,
  );
}

/** Whether the gateway takes new work, for `/readyz`. */
export class Lifecycle {
  #stopping = false;

  stop(): void {
    this.#stopping = true;
  }

  readonly check = async (): Promise<void> => {
    if (this.#stopping) throw new Error('it is stopping');
  };
}

/**
 * Stops in order: first it says that it is not ready, then it takes no connections, then it waits for the calls under way.
 * Those that are not done in time are ended with an error, so that no client is cut off without a word.
 */
export async function stopGently(
  app: FastifyInstance,
  { calls, times, lifecycle }: { calls: CallsInFlight; times: StopTimes; lifecycle: Lifecycle },
): Promise<void> {
  lifecycle.stop();
  if (times.delayMs > 0) await wait(times.delayMs);
  const timer = setTimeout(() => calls.abortAll(), times.timeoutMs);
  // A connection that becomes idle only after the close began would stay open until its keep-alive ends.
  const sweep = setInterval(() => app.server.closeIdleConnections(), sweepEveryMs);
  await app.close();
  clearTimeout(timer);
  clearInterval(sweep);
}
