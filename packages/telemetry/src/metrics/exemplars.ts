import { PendingExemplars } from './pending-exemplars.ts';

/** The span an observation is made in. */
export interface ExemplarSpan {
  /** 32 lower-case hex digits. */
  readonly traceId: string;
  /** 16 lower-case hex digits. */
  readonly spanId: string;
  /** Whether its trace is exported; one that is not may still be kept later. */
  readonly sampled: boolean;
}

/** What knows about traces. */
export interface ExemplarSource {
  /** The span of the present scope, if it is recorded. */
  current(): ExemplarSpan | undefined;
  /** Whether an unsampled trace has been kept after all. */
  isKept(traceId: string): boolean;
}

/** An observation, and the trace that shows how it came about. */
export interface Exemplar {
  readonly traceId: string;
  readonly spanId: string;
  readonly value: number;
  /**
   * When its trace was known to be kept, Unix milliseconds: so none is older than the one before it, which Prometheus
   * would refuse.
   */
  readonly unixMs: number;
  /** The scrape it waits for. */
  readonly scrape: number;
}

/**
 * The exemplars of a registry. They show only traces that are kept: one of a trace that is not sampled waits until the
 * flight recorder keeps the trace, or until newer ones take its place.
 */
export class Exemplars {
  readonly pending = new PendingExemplars();
  /** Undefined where nobody keeps traces; there are no exemplars then. */
  source: ExemplarSource | undefined;
  /** Scrapes answered. */
  scrapes = 0;

  /** A trace that was not sampled is kept: what was observed in it is shown. */
  keep(traceId: string): void {
    for (const { cell, bucket, spanId, value } of this.pending.take(traceId)) {
      // The newest comes first.
      if (cell.at(bucket)?.traceId !== traceId) cell.show(bucket, value, { traceId, spanId });
    }
  }
}

/** The exemplars of one series: at most one for each bucket of a histogram, or one for a counter. */
export class CellExemplars {
  readonly #exemplars: Exemplars;
  readonly #shown: (Exemplar | undefined)[] = [];

  constructor(exemplars: Exemplars) {
    this.#exemplars = exemplars;
  }

  /** The exemplar of a bucket, if there is one. */
  at(bucket: number): Exemplar | undefined {
    return this.#shown[bucket];
  }

  /**
   * Takes note of an observation. The hot path of all that is observed: outside of a request it only reads the async
   * context; inside, of a sampled trace no more than the first observation of a bucket between two scrapes is kept.
   */
  offer(bucket: number, value: number): void {
    const { source, scrapes, pending } = this.#exemplars;
    const span = source?.current();
    if (source === undefined || span === undefined) return;
    if (span.sampled) {
      if (this.#shown[bucket]?.scrape !== scrapes) this.show(bucket, value, span);
    } else if (source.isKept(span.traceId)) this.show(bucket, value, span);
    else pending.add(this, { bucket, value }, span);
  }

  /** Shows an observation, whose trace must be kept. */
  show(bucket: number, value: number, { traceId, spanId }: Pick<Exemplar, 'traceId' | 'spanId'>): void {
    const { scrapes } = this.#exemplars;
    this.#shown[bucket] = { traceId, spanId, value, unixMs: Date.now(), scrape: scrapes };
  }
}
