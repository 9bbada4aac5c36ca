import { MAX_GAP_MS } from './rate-of-series.ts';
import type { SeriesFunction, StepGrid, StepSink } from './step-grid.ts';

/** How long a sample stands when no neighbour tells how often the series is sampled. */
const UNKNOWN_INTERVAL_MS = 60_000;
/** A sample stands for this many intervals, so that one missed scrape makes no hole. */
const INTERVALS = 2.5;

interface Sample {
  unixMs: number;
  value: number;
  /** Until when it stands for the series when nothing follows. */
  staleUnixMs: number;
}

/**
 * The last value of one gauge in each step. Steps narrower than the scrape interval take the value before, until it is
 * stale; the end of a process therefore shows within a few scrapes. NaN ends a series, as Prometheus' stale marker does.
 */
export class LastOfSeries implements SeriesFunction {
  readonly #grid: StepGrid;
  readonly #sink: StepSink;
  #last: Sample | undefined;
  #pending: { index: number; value: number } | undefined;

  constructor(grid: StepGrid, sink: StepSink) {
    this.#grid = grid;
    this.#sink = sink;
  }

  add(unixMs: number, value: number): void {
    const last = this.#last;
    if (last !== undefined && unixMs <= last.unixMs) return;
    const index = this.#grid.indexOf(unixMs);
    if (last !== undefined) this.#carry(last, index);
    if (!Number.isFinite(value)) {
      this.#last = undefined;
      return;
    }
    this.#last = { unixMs, value, staleUnixMs: unixMs + standsForMs(last, unixMs) };
    this.#set(index, value);
  }

  finish(): void {
    if (this.#last !== undefined) this.#carry(this.#last, this.#grid.count);
    this.#emit();
  }

  /** Fills the steps between a sample and the one after it. */
  #carry(sample: Sample, untilIndex: number): void {
    const first = Math.max(this.#grid.indexOf(sample.unixMs) + 1, 0);
    const last = Math.min(untilIndex, this.#grid.count);
    for (let index = first; index < last; index += 1) {
      if (this.#grid.endOf(index) > sample.staleUnixMs) return;
      this.#set(index, sample.value);
    }
  }

  #set(index: number, value: number): void {
    if (index < 0 || index >= this.#grid.count) return;
    if (this.#pending?.index !== index) this.#emit();
    this.#pending = { index, value };
  }

  #emit(): void {
    if (this.#pending !== undefined) this.#sink(this.#pending.index, this.#pending.value);
    this.#pending = undefined;
  }
}

function standsForMs(before: Sample | undefined, unixMs: number): number {
  if (before === undefined) return UNKNOWN_INTERVAL_MS;
  return Math.min((unixMs - before.unixMs) * INTERVALS, MAX_GAP_MS);
}
