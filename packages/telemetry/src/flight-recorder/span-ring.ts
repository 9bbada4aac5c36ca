/** What a ring says of what happens to the spans in it. */
export interface SpanRingEvents {
  /** Spans that made room before anyone took them. */
  readonly onEvicted: (count: number) => void;
}

/** A span as it lay in the ring. */
export interface RingSpan {
  /** A copy of the encoded span. */
  readonly bytes: Buffer;
  /** Whether it was the first span of its trace in this process. */
  readonly localRoot: boolean;
}

/** Spans of one trace, oldest first. */
export interface TakenSpans {
  readonly spans: readonly RingSpan[];
  /** Whether the search ended at its bound, so that older spans may have stayed behind. */
  readonly truncated: boolean;
}

/** Size of the record, length of the span, flags, and where the bucket's previous record begins. */
const headerBytes = 24;
const alignment = 8;
const bytesPerBucket = 512;
const takenFlag = 1;
const localRootFlag = 2;
/** What stands for the length where there is no span but the unused end of the buffer. */
const paddingLength = 0;
/** The trace id is the first field of an encoded span: one byte of tag, one of length. */
const traceIdAt = 2;
const traceIdBytes = 16;
/** Records looked at for one trace: a flood of spans under one trace id must not make a search long. */
const maximumExamined = 8_192;
const none = -1;

/**
 * A ring of encoded spans in one buffer of fixed size. Records lie one behind the other and never wrap; the oldest make
 * room. Positions count every byte ever written, so a position below the tail is known to be gone: the index, one
 * position per bucket of trace ids with older ones chained through the records, is never cleaned up and never grows.
 */
export class SpanRing {
  readonly #buffer: Buffer;
  readonly #words: Uint32Array;
  readonly #positions: Float64Array;
  readonly #buckets: Float64Array;
  readonly #seeds = crypto.getRandomValues(new Uint32Array(4));
  readonly #events: SpanRingEvents;
  #head = 0;
  #tail = 0;
  #spans = 0;

  /** @param capacityBytes At least 4,096; rounded down to a multiple of 8. */
  constructor(capacityBytes: number, events: SpanRingEvents) {
    const capacity = Math.floor(capacityBytes / alignment) * alignment;
    const memory = new ArrayBuffer(capacity);
    this.#buffer = Buffer.from(memory);
    this.#words = new Uint32Array(memory);
    this.#positions = new Float64Array(memory);
    this.#buckets = new Float64Array(2 ** Math.ceil(Math.log2(capacity / bytesPerBucket))).fill(none);
    this.#events = events;
  }

  /** Spans in the ring, taken ones included. */
  get spanCount(): number {
    return this.#spans;
  }

  /** Bytes in use, at most the capacity. */
  get usedBytes(): number {
    return this.#head - this.#tail;
  }

  /**
   * Copies an encoded span into the ring; false when it is larger than a quarter of it, as one span must not displace
   * most of the others.
   */
  add(span: Uint8Array, { localRoot }: { localRoot: boolean }): boolean {
    const capacity = this.#buffer.length;
    const size = Math.ceil((headerBytes + span.length) / alignment) * alignment;
    if (size > capacity / 4) return false;
    const untilEnd = capacity - (this.#head % capacity);
    if (size > untilEnd) this.#pad(untilEnd);
    this.#makeRoom(size);
    const offset = this.#head % capacity;
    this.#buffer.set(span, offset + headerBytes);
    const bucket = this.#bucketOf(this.#buffer, offset + headerBytes + traceIdAt);
    this.#writeHeader(offset, { size, length: span.length, flags: localRoot ? localRootFlag : 0 });
    this.#positions[offset / alignment + 2] = this.#buckets[bucket] as number;
    this.#buckets[bucket] = this.#head;
    this.#head += size;
    this.#spans++;
    return true;
  }

  /**
   * Copies the spans of a trace out. They stay in the ring as taken, and are not given out again.
   *
   * @param traceId 32 lower-case hex digits.
   */
  take(traceId: string): TakenSpans {
    const wanted = Buffer.from(traceId, 'hex');
    if (wanted.length !== traceIdBytes) return { spans: [], truncated: false };
    const spans: RingSpan[] = [];
    let position = this.#buckets[this.#bucketOf(wanted, 0)] as number;
    let examined = 0;
    while (position >= this.#tail && examined++ < maximumExamined) {
      const offset = position % this.#buffer.length;
      if (this.#isWanted(offset, wanted)) spans.push(this.#takeAt(offset));
      position = this.#positions[offset / alignment + 2] as number;
    }
    return { spans: spans.reverse(), truncated: position >= this.#tail };
  }

  #isWanted(offset: number, wanted: Buffer): boolean {
    if (((this.#words[offset / 4 + 2] as number) & takenFlag) !== 0) return false;
    const start = offset + headerBytes + traceIdAt;
    return wanted.compare(this.#buffer, start, start + traceIdBytes) === 0;
  }

  #takeAt(offset: number): RingSpan {
    const word = offset / 4;
    const flags = this.#words[word + 2] as number;
    this.#words[word + 2] = flags | takenFlag;
    const start = offset + headerBytes;
    return {
      bytes: Buffer.from(this.#buffer.subarray(start, start + (this.#words[word + 1] as number))),
      localRoot: (flags & localRootFlag) !== 0,
    };
  }

  /** Fills what is left before the end of the buffer, where the next record does not fit. */
  #pad(bytes: number): void {
    this.#makeRoom(bytes);
    const offset = this.#head % this.#buffer.length;
    this.#words[offset / 4] = bytes;
    this.#words[offset / 4 + 1] = paddingLength;
    this.#head += bytes;
  }

  #writeHeader(
    offset: number,
    { size, length, flags }: { size: number; length: number; flags: number },
  ): void {
    const word = offset / 4;
    this.#words[word] = size;
    this.#words[word + 1] = length;
    this.#words[word + 2] = flags;
  }

  #makeRoom(bytes: number): void {
    let evicted = 0;
    while (this.#head + bytes - this.#tail > this.#buffer.length) {
      const word = (this.#tail % this.#buffer.length) / 4;
      if (this.#words[word + 1] !== paddingLength) {
        this.#spans--;
        if (((this.#words[word + 2] as number) & takenFlag) === 0) evicted++;
      }
      this.#tail += this.#words[word] as number;
    }
    if (evicted > 0) this.#events.onEvicted(evicted);
  }

  /** Seeded, so that nobody can choose trace ids that share a bucket. */
  #bucketOf(bytes: Buffer, offset: number): number {
    let hash = 0;
    for (let word = 0; word < 4; word++) {
      const value = bytes.readUInt32LE(offset + word * 4);
      hash = Math.imul(hash ^ value ^ (this.#seeds[word] as number), 0x9e3779b1);
      hash ^= hash >>> 15;
    }
    return (hash >>> 0) & (this.#buckets.length - 1);
  }
}
