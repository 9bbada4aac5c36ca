import { setTimeout as delay } from 'node:timers/promises';
import { toText } from '../privacy/text.ts';
import type { FinishedSpan } from '../traces/span.ts';
import type { ExportResult, SpanExporter } from './exporter.ts';

export type DropReason = 'queue_full' | 'export_failed' | 'refused' | 'stopping';

export interface BatchQueueOptions {
  readonly onExported: (count: number) => void;
  readonly onDropped: (count: number, reason: DropReason, detail: string) => void;
  /** Most spans that wait; further ones are dropped. Default 8,192. */
  readonly maximumSpans?: number;
  /** Longest wait before a batch is sent. Default 500 ms. */
  readonly intervalMs?: number;
}

const batchSize = 512;
const firstRetryMs = 200;
const longestRetryMs = 5_000;
const retryBudgetMs = 60_000;

/**
 * Collects finished spans and sends them in batches, one at a time, off the request's path. A batch that cannot be
 * delivered is tried again with growing pauses for up to a minute while new spans wait; then it is dropped and counted.
 */
export class BatchQueue {
  readonly #exporter: SpanExporter;
  readonly #options: BatchQueueOptions;
  readonly #maximumSpans: number;
  readonly #stopping = new AbortController();
  #waiting: FinishedSpan[] = [];
  /** Spans taken out of `#waiting` whose fate is not known yet. */
  #underWay = 0;
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;

  constructor(exporter: SpanExporter, options: BatchQueueOptions) {
    this.#exporter = exporter;
    this.#options = options;
    this.#maximumSpans = options.maximumSpans ?? 8_192;
  }

  /** Takes a span; never blocks, never throws. */
  add(span: FinishedSpan): void {
    if (this.#stopping.signal.aborted) {
      this.#options.onDropped(1, 'stopping', 'telemetry has stopped');
    } else if (this.#waiting.length >= this.#maximumSpans) {
      this.#options.onDropped(1, 'queue_full', `${this.#maximumSpans} spans wait`);
    } else {
      this.#waiting.push(span);
      if (this.#waiting.length >= batchSize) this.#start();
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
    const lost = this.#waiting.length + this.#underWay;
    this.#waiting = [];
    this.#underWay = 0;
    this.#stopping.abort();
    this.#exporter.close();
    if (lost > 0) this.#options.onDropped(lost, 'stopping', 'no time left');
  }

  async #drain(): Promise<void> {
    while ((this.#waiting.length > 0 || this.#sending !== undefined) && !this.#stopping.signal.aborted) {
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
    while (this.#waiting.length > 0) await this.#deliver(this.#waiting.splice(0, batchSize));
  }

  async #deliver(batch: readonly FinishedSpan[]): Promise<void> {
    this.#underWay += batch.length;
    const result = await this.#exportPatiently(batch);
    // `stop` has counted what was under way.
    if (this.#stopping.signal.aborted) return;
    this.#underWay -= batch.length;
    if (result.outcome === 'accepted') this.#accept(batch.length, result);
    else if (result.outcome === 'retry')
      this.#options.onDropped(batch.length, 'export_failed', result.reason);
    else if (result.tooLarge === true && batch.length > 1) await this.#deliverHalves(batch);
    else this.#options.onDropped(batch.length, 'refused', result.reason);
  }

  #accept(count: number, { rejected = 0, reason = '' }: { rejected?: number; reason?: string }): void {
    const refused = Math.min(rejected, count);
    this.#options.onExported(count - refused);
    if (refused > 0) this.#options.onDropped(refused, 'refused', reason);
  }

  async #deliverHalves(batch: readonly FinishedSpan[]): Promise<void> {
    const middle = Math.ceil(batch.length / 2);
    this.#underWay += batch.length - middle;
    await this.#deliver(batch.slice(0, middle));
    if (this.#stopping.signal.aborted) return;
    this.#underWay -= batch.length - middle;
    await this.#deliver(batch.slice(middle));
  }

  /** Tries until the receiver has said yes or no, a minute has passed, or the process stops. */
  async #exportPatiently(batch: readonly FinishedSpan[]): Promise<ExportResult> {
    const startedAt = performance.now();
    for (let pauseMs = firstRetryMs; ; pauseMs = Math.min(pauseMs * 2, longestRetryMs)) {
      const result = await this.#export(batch);
      if (result.outcome !== 'retry' || this.#stopping.signal.aborted) return result;
      const waitMs = Math.max(result.retryAfterMs ?? 0, pauseMs * (0.5 + Math.random() / 2));
      if (performance.now() - startedAt + waitMs > retryBudgetMs) return result;
      await delay(waitMs, undefined, { ref: false, signal: this.#stopping.signal }).catch(() => {});
      if (this.#stopping.signal.aborted) return result;
    }
  }

  /** An exporter that throws is no reason to end the process. */
  async #export(batch: readonly FinishedSpan[]): Promise<ExportResult> {
    try {
      return await this.#exporter.export(batch);
    } catch (error) {
      return { outcome: 'refused', reason: `the exporter threw: ${toText(error)}` };
    }
  }
}
