import { setTimeout as wait } from 'node:timers/promises';
import type { RevocationBatch } from '@ibex/api/auth';
import type { Telemetry } from '@ibex/telemetry';
import type { RevocationSource } from './auth-client.ts';

/** The auth service says something at least every 250 ms. */
const silenceMs = 750;
const pollIntervalMs = 250;
/** How long it is polled before the stream is tried again. */
const streamRetryMs = 2_000;

type Source = 'stream' | 'poll';

export interface RevocationWatchOptions {
  readonly source: RevocationSource;
  readonly telemetry: Telemetry;
  /** Takes in what was revoked. */
  readonly onBatch: (batch: RevocationBatch) => void;
}

/**
 * Hears of revocations as they happen, over a stream; where no stream holds, by asking. Continues at a cursor, so that
 * nothing is missed in between, or is told to forget everything.
 */
export class RevocationWatch {
  readonly #source: RevocationSource;
  readonly #telemetry: Telemetry;
  readonly #onBatch: (batch: RevocationBatch) => void;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  #cursor = '';
  #liveUntil = Number.NEGATIVE_INFINITY;
  #up: Source | undefined;

  constructor(options: RevocationWatchOptions) {
    this.#source = options.source;
    this.#telemetry = options.telemetry;
    this.#onBatch = options.onBatch;
    this.#show();
    this.#running = this.#run();
  }

  /** Whether everything that was revoked until less than a second ago is known here. */
  isLive(): boolean {
    return performance.now() < this.#liveUntil;
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#stream();
      await this.#pollFor(streamRetryMs);
    }
    this.#becomes(undefined);
  }

  /** Until the stream ends, or is silent for too long to be trusted. */
  async #stream(): Promise<void> {
    const { signal } = this.#stopping;
    if (signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const silence = setTimeout(resolve, silenceMs).unref();
    const onAbort = () => resolve();
    signal.addEventListener('abort', onAbort);
    let ended = false;
    const cancel = this.#source.watchRevocations(this.#cursor, {
      onBatch: (batch) => {
        if (ended) return;
        silence.refresh();
        this.#take(batch, { source: 'stream', at: performance.now() });
      },
      onEnd: resolve,
    });
    await promise;
    ended = true;
    clearTimeout(silence);
    signal.removeEventListener('abort', onAbort);
    cancel();
  }

  async #pollFor(durationMs: number): Promise<void> {
    const endsAt = performance.now() + durationMs;
    const { signal } = this.#stopping;
    while (performance.now() < endsAt && !signal.aborted) {
      const at = performance.now();
      const batch = await this.#source.listRevocations(this.#cursor).catch(() => undefined);
      if (batch !== undefined) this.#take(batch, { source: 'poll', at });
      else if (!this.isLive()) this.#becomes(undefined);
      await wait(pollIntervalMs, undefined, { ref: false, signal }).catch(() => undefined);
    }
  }

  /** `at` is a time of which the batch surely tells everything before. */
  #take(batch: RevocationBatch, { source, at }: { source: Source; at: number }): void {
    this.#onBatch(batch);
    this.#cursor = batch.cursor;
    this.#liveUntil = at + silenceMs;
    this.#becomes(source);
  }

  #becomes(up: Source | undefined): void {
    if (up === this.#up) return;
    const { logger } = this.#telemetry;
    if (up === undefined && !this.#stopping.signal.aborted) {
      const operation = 'verdicts are trusted for the revocation budget only';
      logger.warn('not told of revocations', { dependency: 'auth', operation });
    } else if (up !== undefined && this.#up === undefined) {
      logger.info('told of revocations', { dependency: 'auth', operation: up });
    }
    this.#up = up;
    this.#show();
  }

  #show(): void {
    const gauge = this.#telemetry.metrics.gauge('ibex_proxy_auth_watches_up');
    for (const source of ['stream', 'poll'] as const) gauge.set({ source }, this.#up === source ? 1 : 0);
  }
}
