import type { Telemetry } from '../telemetry.ts';

export interface StopAtExitOptions {
  /** Longest time the exit may wait for what is not delivered yet. Default 2,000. */
  readonly timeoutMs?: number;
}

const defaultTimeoutMs = 2_000;
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Delivers what waits before the process ends: by itself, by SIGINT, SIGTERM or SIGHUP, or by an error that nobody
 * caught, which becomes the last line of the log. What ends the process keeps its meaning: a signal still ends it as
 * that signal, an error still shows its stack and exits with 1, and a second signal ends it at once. Where the program
 * listens for a signal or for uncaught errors itself, it decides alone and calls `telemetry.stop()`; so it does before
 * `process.exit()`, which waits for nobody.
 *
 * @example
 * ```ts
 * const telemetry = startTelemetry({ contract: ibexContract, service: 'worker' });
 * stopAtExit(telemetry);
 * ```
 * @returns Takes every listener away again.
 */
export function stopAtExit(
  telemetry: Telemetry,
  { timeoutMs = defaultTimeoutMs }: StopAtExitOptions = {},
): () => void {
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= telemetry.stop({ timeoutMs });
    return stopping;
  };

  function release(): void {
    for (const signal of signals) process.off(signal, onSignal);
    process.off('uncaughtException', onUncaught);
    process.off('beforeExit', stop);
  }

  function onSignal(signal: NodeJS.Signals): void {
    if (process.listenerCount(signal) > 1) return;
    const endBySignal = () => {
      release();
      process.kill(process.pid, signal);
    };
    if (stopping === undefined) stop().finally(endBySignal);
    else endBySignal();
  }

  function onUncaught(error: unknown): void {
    if (process.listenerCount('uncaughtException') > 1) return;
    telemetry.logger.error('crashed', { error });
    stop().finally(() => {
      release();
      // Out of every promise, so that Node treats it as it would have without us.
      setImmediate(() => {
        throw error;
      });
    });
  }

  for (const signal of signals) process.on(signal, onSignal);
  process.on('uncaughtException', onUncaught);
  process.once('beforeExit', stop);
  return release;
}
