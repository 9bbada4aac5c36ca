/** A time range cut into steps of equal width, the last one possibly cut off. Unix milliseconds. */
export class StepGrid {
  readonly startUnixMs: number;
  readonly stepMs: number;
  readonly count: number;

  constructor({
    startUnixMs,
    endUnixMs,
    stepMs,
  }: { startUnixMs: number; endUnixMs: number; stepMs: number }) {
    this.startUnixMs = startUnixMs;
    this.stepMs = stepMs;
    this.count = Math.ceil((endUnixMs - startUnixMs) / stepMs);
  }

  /** The step an instant lies in; outside the range it is negative or beyond the count. */
  indexOf(unixMs: number): number {
    return Math.floor((unixMs - this.startUnixMs) / this.stepMs);
  }

  startOf(index: number): number {
    return this.startUnixMs + index * this.stepMs;
  }

  endOf(index: number): number {
    return this.startOf(index + 1);
  }
}

/** Sums per step; a step without any addend stays empty. */
export class StepSums {
  readonly #sums: Float64Array;

  constructor(count: number) {
    this.#sums = new Float64Array(count).fill(Number.NaN);
  }

  add(index: number, value: number): void {
    const before = this.#sums[index] ?? Number.NaN;
    this.#sums[index] = Number.isNaN(before) ? value : before + value;
  }

  /** The sum, or null for an empty step and for what JSON cannot carry. */
  at(index: number): number | null {
    const sum = this.#sums[index] ?? Number.NaN;
    return Number.isFinite(sum) ? sum : null;
  }
}

/** Turns the samples of one series, in the order of time, into values per step. */
export interface SeriesFunction {
  add(unixMs: number, value: number): void;
  /** After the last sample. */
  finish(): void;
}

/** Receives each step's value once per series. */
export type StepSink = (index: number, value: number) => void;
