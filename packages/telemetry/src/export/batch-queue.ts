import { setTimeout as delay } from 'node:timers/promises';
import { toText } from '../privacy/text.ts';
import type { FinishedSpan } from '../traces/span.ts';
import type { ExportResult, SpanExporter } from './exporter.ts';
import { estimateBytes } from './span-size.ts';

export type DropReason = 'queue_full' | 'export_failed' | 'refused' | 'stopping';

export interface BatchQueueOptions {
  readonly onExported: (count: number) => void;
  readonly onDropped: (count: number, reason: DropReason, detail: string) => void;
  /** Most spans that wait; further ones are dropped. Default 32,768. */
  readonly maximumSpans?: number;
  /** Most bytes of spans that are held, those under way included; further ones are dropped. Default 16 MiB. */
  readonly maximumBytes?: number;
  /** Longest wait before a batch is sent. Default 500 ms. */
  readonly intervalMs?: number;
}

/** Spans that are sent together. */
interface Batch {
  readonly spans: FinishedSpan[];
  bytes: number;
}

/** Some seconds of a gateway at its capacity, and about as many as the bytes allow. */
export const defaultMaximumSpans = 32_768;
export const defaultMaximumBytes = 16 * 1024 * 1024;
/** Each batch is one call, which costs more than encoding hundreds of spans: few large ones. */
const mostSpansPerBatch = 2_048;
const fewestSpansPerBatch = 512;
/** An estimate, at most a third of what is sent: receivers take 4 MiB by default. */
const bytesPerBatch = 1024 * 1024;
const firstRetryMs = 200;
const longestRetryMs = 5_000;
const retryBudgetMs = 60_000;

/**
 * Collects finished spans and sends them in batches, one at a time, off the request's path. A batch that cannot be
 * delivered is tried again with growing pauses for up to a minute while new spans wait; then it is dropped and counted.
 * A receiver that names a pause gets it, for the batches after as well.
 */
export class BatchQueue {
  readonly #exporter: SpanExporter;
  readonly #options: BatchQueueOptions;
  readonly #maximumSpans: number;
  readonly #maximumBytes: number;
  /** A quarter of the queue, so that the others find room while a batch is under way. */
  readonly #spansPerBatch: number;
  readonly #stopping = new AbortController();
  /** The last one is being filled. */
  readonly #batches: Batch[] = [];
  #waiting = 0;
  /** Spans taken out of `#batches` whose fate is not known yet. */
  #underWay = 0;
  #heldBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;
  /** Nothing is sent before this time of `performance.now()`. */
  #notBeforeMs = 0;

  constructor(exporter: SpanExporter, options: BatchQueueOptions) {
    this.#exporter = exporter;
    this.#options = options;
    this.#maximumSpans = options.maximumSpans ?? defaultMaximumSpans;
    this.#maximumBytes = options.maximumBytes ?? defaultMaximumBytes;
    const quarter = Math.floor(this.#maximumSpans / 4);
    this.#spansPerBatch = Math.min(Math.max(quarter, fewestSpansPerBatch), mostSpansPerBatch);
  }

  /** Bytes of the spans that are held. */
  get heldBytes(): number {
    return this.#heldBytes;
  }

  /** Takes a span; never blocks, never throws. */
  add(recorded: FinishedSpan): void {
    const span = this.#exporter.hold?.(recorded) ?? recorded;
    const bytes = estimateBytes(span);
    if (this.#stopping.signal.aborted) {
      this.#options.onDropped(1, 'stopping', 'telemetry has stopped');
    } else if (this.#waiting >= this.#maximumSpans) {
      this.#options.onDropped(1, 'queue_full', `${this.#maximumSpans} spans wait`);
    } else if (this.#heldBytes + bytes > this.#maximumBytes) {
      this.#options.onDropped(1, 'queue_full', `${this.#maximumBytes} bytes of spans wait`);
    } else {
      this.#put(span, bytes);
      if (this.#batches.length > 1 || this.#waiting >= this.#spansPerBatch) this.#start();
      else this.#timer ??= setTimeout(() => this.#start(), this.#options.intervalMs ?? 500).unref();
    }
  }

  /**
   * Sends what waits and closes the exporter; what is not delivered after `timeoutMs`, a batch under way included, is
   * dropped and counted.
   */
  async stop(timeoutMs: number): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const drained = new AbortController();
    // Not unreferenced: with nothing else to do, the process would end before the batch under way is delivered.
    const deadline = delay(timeoutMs, undefined, { signal: drained.signal }).catch(() => {});
    await Promise.race([this.#drain(), deadline]);
    drained.abort();
    clearTimeout(this.#timer);
    const lost = this.#waiting + this.#underWay;
    this.#batches.length = 0;
    this.#waiting = 0;
    this.#underWay = 0;
    this.#heldBytes = 0;
    this.#stopping.abort();
    this.#exporter.close();
    if (lost > 0) this.#options.onDropped(lost, 'stopping', 'no time left');
  }

  #put(span: FinishedSpan, bytes: number): void {
    let batch = this.#batches.at(-1);
    const isFull = batch?.spans.length === this.#spansPerBatch || (batch?.bytes ?? 0) + bytes > bytesPerBatch;
    if (batch === undefined || isFull) {
      batch = { spans: [], bytes: 0 };
      this.#batches.push(batch);
    }
    batch.spans.push(span);
    batch.bytes += bytes;
    this.#waiting++;
    this.#heldBytes += bytes;
  }

  async #drain(): Promise<void> {
    while ((this.#waiting > 0 || this.#sending !== undefined) && !this.#stopping.signal.aborted) {
      this.#start();
      await this.#sending;
    }
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#sending ??= this.#sendAll().finally(() => {
      this.#sending = undefined;
    });
  }

  async #sendAll(): Promise<void> {
    for (let batch = this.#batches.shift(); batch !== undefined; batch = this.#batches.shift()) {
      await this.#deliver(batch);
    }
  }

  async #deliver({ spans, bytes }: Batch): Promise<void> {
    const count = spans.length;
    this.#waiting -= count;
    this.#underWay += count;
    const result = await this.#exportPatiently(spans);
    // `stop` has counted what was under way.
    if (this.#stopping.signal.aborted) return;
    this.#underWay -= count;
    this.#heldBytes -= bytes;
    if (result.outcome === 'accepted') this.#accept(count, result);
    else if (result.outcome === 'retry') this.#options.onDropped(count, 'export_failed', result.reason);
    else this.#options.onDropped(count, 'refused', result.reason);
  }

  #accept(count: number, { rejected = 0, reason = '' }: { rejected?: number; reason?: string }): void {
    const refused = Math.min(rejected, count);
    this.#options.onExported(count - refused);
    if (refused > 0) this.#options.onDropped(refused, 'refused', reason);
  }

  /** Tries until the receiver has said yes or no, a minute has passed, or the process stops. */
  async #exportPatiently(spans: readonly FinishedSpan[]): Promise<ExportResult> {
    await this.#rest();
    const startedAt = performance.now();
    for (let pauseMs = firstRetryMs; ; pauseMs = Math.min(pauseMs * 2, longestRetryMs)) {
      const result = await this.#export(spans);
      if (result.outcome !== 'retry' || this.#stopping.signal.aborted) return result;
      const waitMs = Math.max(result.retryAfterMs ?? 0, pauseMs * (0.5 + Math.random() / 2));
      this.#notBeforeMs = performance.now() + Math.min(waitMs, retryBudgetMs);
      if (performance.now() - startedAt + waitMs > retryBudgetMs) return result;
      await this.#rest();
      if (this.#stopping.signal.aborted) return result;
    }
  }

  async #rest(): Promise<void> {
    const waitMs = this.#notBeforeMs - performance.now();
    if (waitMs <= 0) return;
    await delay(waitMs, undefined, { ref: false, signal: this.#stopping.signal }).catch(() => {});
  }

  /** An exporter that throws is no reason to end the process. */
  async #export(spans: readonly FinishedSpan[]): Promise<ExportResult> {
    if (this.#stopping.signal.aborted) return { outcome: 'retry', reason: 'telemetry has stopped' };
    try {
      return await this.#exporter.export(spans);
    } catch (error) {
      return { outcome: 'refused', reason: `the exporter threw: ${toText(error)}` };
    }
  }
}
