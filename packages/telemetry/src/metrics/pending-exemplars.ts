import type { CellExemplars, ExemplarSpan } from './exemplars.ts';

/** An observation whose trace is not kept, or not yet. */
export interface PendingExemplar {
  cell: CellExemplars;
  bucket: number;
  value: number;
  /** Empty once it has been taken. */
  traceId: string;
  spanId: string;
}

/** Some hundred requests: verdicts mostly fall when a request ends, which is when most is observed of it. */
const capacity = 4_096;
/** One bucket for each value of the last three digits of a trace id. */
const buckets = 4_096;
/** Entries looked at for one trace: ids that were chosen to share a bucket must not make a search long. */
const maximumExamined = 256;
const none = -1;

/**
 * The latest observations of unsampled traces, in a ring of fixed size: about 1 MiB when it is full, nothing before the
 * first. Positions count every observation ever made, so one that is below the ring's tail is known to be gone, and the
 * index of trace ids is never cleaned up.
 */
export class PendingExemplars {
  readonly #entries: PendingExemplar[] = [];
  #heads: Float64Array | undefined;
  #previous = new Float64Array(0);
  #next = 0;

  add(cell: CellExemplars, { bucket, value }: { bucket: number; value: number }, span: ExemplarSpan): void {
    this.#heads ??= this.#allocate();
    const { traceId, spanId } = span;
    const at = this.#next % capacity;
    const entry = this.#entries[at];
    if (entry === undefined) this.#entries.push({ cell, bucket, value, traceId, spanId });
    else {
      entry.cell = cell;
      entry.bucket = bucket;
      entry.value = value;
      entry.traceId = traceId;
      entry.spanId = spanId;
    }
    const head = headOf(traceId);
    this.#previous[at] = this.#heads[head] as number;
    this.#heads[head] = this.#next++;
  }

  /** What was observed in a trace, newest first; it is not given out again. */
  *take(traceId: string): Iterable<Readonly<PendingExemplar>> {
    if (this.#heads === undefined) return;
    const tail = this.#next - capacity;
    let position = this.#heads[headOf(traceId)] as number;
    for (let examined = 0; position >= Math.max(tail, 0) && examined < maximumExamined; examined++) {
      const entry = this.#entries[position % capacity];
      if (entry?.traceId === traceId) {
        yield entry;
        entry.traceId = '';
      }
      position = this.#previous[position % capacity] as number;
    }
  }

  #allocate(): Float64Array {
    this.#previous = new Float64Array(capacity);
    return new Float64Array(buckets).fill(none);
  }
}

/** The last three hex digits as a number. */
function headOf(traceId: string): number {
  return (digitAt(traceId, 29) << 8) | (digitAt(traceId, 30) << 4) | digitAt(traceId, 31);
}

/** `0` to `9` end in their value, `a` to `f` in their value less 9. */
function digitAt(traceId: string, index: number): number {
  const code = traceId.charCodeAt(index);
  return ((code & 15) + (code >> 6) * 9) & 15;
}
