/** Failures within the window after which a service is given up. */
export const mostFailures = 5;
const windowMs = 60_000;
const firstDelayMs = 500;
const longestDelayMs = 8_000;

/** Decides whether a service that ended is started again: later each time, and not for ever. */
export class RestartPolicy {
  #failedAtMs: number[] = [];

  /** How many times it failed within the last minute. */
  get failures(): number {
    return this.#failedAtMs.length;
  }

  /**
   * Notes a failure.
   *
   * @param nowMs A clock that never goes back, in milliseconds.
   * @returns Milliseconds to wait before the next start; undefined when there should be none.
   */
  nextDelayMs(nowMs: number): number | undefined {
    this.#failedAtMs = [...this.#failedAtMs.filter((failedAtMs) => nowMs - failedAtMs < windowMs), nowMs];
    if (this.failures >= mostFailures) return undefined;
    return Math.min(firstDelayMs * 2 ** (this.failures - 1), longestDelayMs);
  }
}
