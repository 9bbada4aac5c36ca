import type { SeriesFunction, StepGrid } from './step-grid.ts';

/** Two samples further apart say nothing about the time between them (Prometheus looks back as far). */
export const MAX_GAP_MS = 300_000;

/** Receives the rate of each step once, and for how much of the step it is known. */
export type RateSink = (index: number, ratePerSecond: number, coveredMs: number) => void;

/**
 * The rate per second of one counter. The increase between two neighbouring samples is spread evenly over the time between
 * them, and a step's rate is the increase that falls into it by the time it is known for. So no increase is lost or
 * counted twice at the borders of steps, and steps narrower than the scrape interval have values too. A value below the
 * one before means that the process restarted from zero.
 */
export class RateOfSeries implements SeriesFunction {
  readonly #grid: StepGrid;
  readonly #sink: RateSink;
  #last: { unixMs: number; value: number } | undefined;
  #index = -1;
  #increase = 0;
  #coveredMs = 0;

  constructor(grid: StepGrid, sink: RateSink) {
    this.#grid = grid;
    this.#sink = sink;
  }

  add(unixMs: number, value: number): void {
    if (!Number.isFinite(value)) return;
    const last = this.#last;
    if (last !== undefined && unixMs <= last.unixMs) return;
    this.#last = { unixMs, value };
    if (last === undefined || unixMs - last.unixMs > MAX_GAP_MS) return;
    const increase = value < last.value ? value : value - last.value;
    this.#spread(increase, { fromUnixMs: last.unixMs, toUnixMs: unixMs });
  }

  finish(): void {
    const coveredMs = this.#coveredMs;
    if (coveredMs > 0) this.#sink(this.#index, (this.#increase * 1000) / coveredMs, coveredMs);
    this.#coveredMs = 0;
    this.#increase = 0;
  }

  #spread(increase: number, { fromUnixMs, toUnixMs }: { fromUnixMs: number; toUnixMs: number }): void {
    const grid = this.#grid;
    for (let index = Math.max(grid.indexOf(fromUnixMs), 0); index < grid.count; index += 1) {
      const overlapMs = Math.min(toUnixMs, grid.endOf(index)) - Math.max(fromUnixMs, grid.startOf(index));
      if (overlapMs <= 0) return;
      if (index !== this.#index) this.finish();
      this.#index = index;
      this.#increase += (increase * overlapMs) / (toUnixMs - fromUnixMs);
      this.#coveredMs += overlapMs;
    }
  }
}
