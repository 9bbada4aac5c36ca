import type { CellExemplars } from './exemplars.ts';

/** The value of one counter series. */
export class CounterCell {
  value = 0;
  /** Only where the contract asks for them. */
  readonly exemplars: CellExemplars | undefined;

  constructor(exemplars?: CellExemplars) {
    this.exemplars = exemplars;
  }

  /** @throws {RangeError} when the amount is negative or not finite: a counter only grows. */
  increment(amount = 1): void {
    if (!(amount >= 0 && amount < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`A counter grows by a finite amount of 0 or more: the amount is ${amount}`);
    }
    this.value += amount;
    if (this.exemplars !== undefined) this.exemplars.offer(0, amount);
  }

  /** Takes over a total that is counted elsewhere, e.g. by the operating system; a smaller one is passed over. */
  advanceTo(total: number): void {
    if (total > this.value && total < Number.POSITIVE_INFINITY) this.value = total;
  }
}

/** The value of one gauge series. */
export class GaugeCell {
  value = 0;

  set(value: number): void {
    this.value = value;
  }

  add(delta: number): void {
    this.value += delta;
  }
}

/** The buckets, sum and count of one histogram series. */
export class HistogramCell {
  readonly bounds: readonly number[];
  /** Observations per bucket, not cumulated; the last is above every bound. */
  readonly counts: Float64Array;
  sum = 0;
  /** One for each of `counts`; only where the contract asks for them. */
  readonly exemplars: CellExemplars | undefined;

  constructor(bounds: readonly number[], exemplars?: CellExemplars) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
    this.exemplars = exemplars;
  }

  /** Ten bounds are searched faster from the front than by halving: most observations are small. */
  observe(value: number): void {
    if (Number.isNaN(value)) return;
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] as number)) bucket++;
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.sum += value;
    if (this.exemplars !== undefined) this.exemplars.offer(bucket, value);
  }
}
