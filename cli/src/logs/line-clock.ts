/**
 * Gives lines of the same millisecond times that keep their order: lines tell milliseconds, OTLP keeps nanoseconds,
 * and the six digits between count the lines within one.
 */
export class LineClock {
  #lastUnixMs = 0;
  #linesInMs = 0;

  /** Nanoseconds since the Unix epoch, as decimal digits. */
  stamp(timeUnixMs: number): string {
    this.#linesInMs = timeUnixMs === this.#lastUnixMs ? Math.min(this.#linesInMs + 1, 999_999) : 0;
    this.#lastUnixMs = timeUnixMs;
    return `${timeUnixMs}${String(this.#linesInMs).padStart(6, '0')}`;
  }
}
