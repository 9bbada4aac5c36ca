/** The value of one counter series. */
export class CounterCell {
  value = 0;

  /** @throws {RangeError} when the amount is negative or not finite: a counter only grows. */
  increment(amount = 1): void {
    if (!(amount >= 0 && amount < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`A counter grows by a finite amount of 0 or more: the amount is ${amount}`);
    }
    this.value += amount;
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

  constructor(bounds: readonly number[]) {
    this.bounds = bounds;
    this.counts = new Float64Array(bounds.length + 1);
  }

  /** Ten bounds are searched faster from the front than by halving: most observations are small. */
  observe(value: number): void {
    if (Number.isNaN(value)) return;
    let bucket = 0;
    while (bucket < this.bounds.length && value > (this.bounds[bucket] as number)) bucket++;
    this.counts[bucket] = (this.counts[bucket] as number) + 1;
    this.sum += value;
  }
}
