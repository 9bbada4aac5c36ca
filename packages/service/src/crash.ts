import type { Telemetry } from '@ibex/telemetry';

/**
 * Makes an exception that nobody caught, or a rejection that nobody handled, the last line of the log, delivers what
 * waits for at most `timeoutMs`, and ends the process with code 1. Nothing after such an exception can be relied upon.
 */
export function exitOnCrash(telemetry: Telemetry, { timeoutMs }: { timeoutMs: number }): void {
  let crashed = false;
  process.on('uncaughtException', (error) => {
    if (crashed) process.exit(1);
    crashed = true;
    telemetry.logger.error('crashed', { error });
    telemetry.stop({ timeoutMs }).finally(() => process.exit(1));
  });
}
