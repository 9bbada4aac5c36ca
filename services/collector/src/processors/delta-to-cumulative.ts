import type { BucketCounts } from '../otlp/metrics/buckets.ts';

/** Series remembered at once. One not seen for longest is forgotten first and starts again from zero, as after a restart. */
const DEFAULT_MAX_SERIES = 10_000;

interface SeriesState {
  total: BucketCounts;
  lastUnixNano: bigint;
}

/** Takes back one addition. */
export type Undo = () => void;

export interface Accumulated {
  total: BucketCounts;
  undo: Undo;
}

/**
 * Adds up delta points per series, because the store keeps running totals as Prometheus does. The totals live in memory:
 * a restart looks like a counter reset, which rates understand. A plain sum is a histogram without buckets.
 */
export class DeltaToCumulative {
  readonly #maxSeries: number;
  readonly #series = new Map<string, SeriesState>();
  /** Series forgotten to make room. */
  evicted = 0;

  constructor({ maxSeries = DEFAULT_MAX_SERIES }: { maxSeries?: number } = {}) {
    this.#maxSeries = maxSeries;
  }

  /**
   * Adds a delta to its series.
   * @returns the new total, or undefined when the point is not younger than the last one: it was sent twice or too late.
   */
  add(
    key: string,
    { delta, timeUnixNano }: { delta: BucketCounts; timeUnixNano: bigint },
  ): Accumulated | undefined {
    const state = this.#touch(key);
    if (timeUnixNano <= state.lastUnixNano) return undefined;
    const before = state.lastUnixNano;
    state.lastUnixNano = timeUnixNano;
    addTo(state.total, delta, 1);
    const undo = (): void => {
      addTo(state.total, delta, -1);
      if (state.lastUnixNano === timeUnixNano) state.lastUnixNano = before;
    };
    return { total: copyOf(state.total), undo };
  }

  #touch(key: string): SeriesState {
    const known = this.#series.get(key);
    if (known !== undefined) this.#series.delete(key);
    else if (this.#series.size >= this.#maxSeries) this.#evictOldest();
    const state = known ?? { total: { byBound: new Map(), count: 0, sum: undefined }, lastUnixNano: 0n };
    this.#series.set(key, state);
    return state;
  }

  #evictOldest(): void {
    for (const key of this.#series.keys()) {
      this.#series.delete(key);
      this.evicted += 1;
      return;
    }
  }
}

function addTo(total: BucketCounts, delta: BucketCounts, sign: 1 | -1): void {
  for (const [bound, count] of delta.byBound) {
    total.byBound.set(bound, (total.byBound.get(bound) ?? 0) + sign * count);
  }
  total.count += sign * delta.count;
  if (delta.sum !== undefined && Number.isFinite(delta.sum)) total.sum = (total.sum ?? 0) + sign * delta.sum;
}

function copyOf(total: BucketCounts): BucketCounts {
  return { byBound: new Map(total.byBound), count: total.count, sum: total.sum };
}
