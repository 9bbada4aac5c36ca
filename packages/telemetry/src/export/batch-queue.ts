import { setTimeout as delay } from 'node:timers/promises';
import type { FinishedSpan } from '../traces/span.ts';
import type { SpanExporter } from './exporter.ts';

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
  #timer: NodeJS.Timeout | undefined;
  #sending: Promise<void> | undefined;

  constructor(exporter: SpanExporter, options: BatchQueueOptions) {
    this.#exporter = exporter;
    this.#options = options;
    this.#maximumSpans = options.maximumSpans ?? 8_192;
  }

  /** Takes a span; never blocks, never throws. */
  add(span: FinishedSpan): void {
    if (this.#waiting.length >= this.#maximumSpans) {
      this.#options.onDropped(1, 'queue_full', `${this.#maximumSpans} spans wait`);
      return;
    }
    this.#waiting.push(span);
    if (this.#waiting.length >= batchSize) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), this.#options.intervalMs ?? 500).unref();
  }

  /** Sends what waits and closes the exporter; what is not delivered after `timeoutMs` is dropped and counted. */
  async stop(timeoutMs: number): Promise<void> {
    // Referenced: once the servers are closed, nothing else keeps the process alive until the spans are out.
    const deadline = delay(timeoutMs, undefined, { signal: this.#stopping.signal }).catch(() => {});
    await Promise.race([this.#drain(), deadline]);
    this.#stopping.abort();
    await this.#sending;
    clearTimeout(this.#timer);
    if (this.#waiting.length > 0) this.#options.onDropped(this.#waiting.length, 'stopping', 'no time left');
    this.#waiting = [];
    this.#exporter.close();
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
    while (this.#waiting.length > 0 && !this.#stopping.signal.aborted) {
      await this.#deliver(this.#waiting.splice(0, batchSize));
    }
  }

  async #deliver(batch: readonly FinishedSpan[]): Promise<void> {
    const startedAt = Date.now();
    for (let pauseMs = firstRetryMs; ; pauseMs = Math.min(pauseMs * 2, longestRetryMs)) {
      const result = await this.#exporter.export(batch);
      if (result.outcome === 'accepted') return this.#options.onExported(batch.length);
      if (result.outcome === 'refused')
        return this.#options.onDropped(batch.length, 'refused', result.reason);
      if (this.#stopping.signal.aborted)
        return this.#options.onDropped(batch.length, 'stopping', result.reason);
      if (Date.now() - startedAt > retryBudgetMs) {
        return this.#options.onDropped(batch.length, 'export_failed', result.reason);
      }
      const waitMs = Math.max(result.retryAfterMs ?? 0, pauseMs * (0.5 + Math.random() / 2));
      await delay(waitMs, undefined, { ref: false, signal: this.#stopping.signal }).catch(() => {});
    }
  }
}
