import type { Agent } from 'undici';
import type { Sink } from '../../model.ts';
import { SinkOverloadedError } from '../../model.ts';
import { splitBatch } from '../../processors/split-batch.ts';
import type { ReceiverObserver, ScrapeFailure } from '../observer.ts';
import type { Exposition } from './exposition.ts';
import { fetchExposition, ScrapeError } from './fetch-exposition.ts';
import type { ScrapeResult, ScrapeTarget } from './target.ts';
import { metadataOf, samplesOf } from './target.ts';

export interface TargetLoopOptions {
  sink: Sink;
  observer: ReceiverObserver;
  intervalMs: number;
  timeoutMs: number;
  agent: Agent;
}

/** Services that start together with the collector are not down when they do not answer yet. */
const START_GRACE_MS = 15_000;
/** Time between looks at a target that is still starting. */
const START_INTERVAL_MS = 500;
/** Longest the last round may take. */
const LAST_ROUND_MS = 500;

/** The scrapes of one target, one after the other. */
export class TargetLoop {
  readonly #target: ScrapeTarget;
  readonly #options: TargetLoopOptions;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #waiting: Promise<void> | undefined;
  #graceEndsMs = 0;
  #isFinishing = false;
  /** What the store already knows of the target's families, as JSON. */
  #knownMetadata = '';

  constructor(target: ScrapeTarget, options: TargetLoopOptions) {
    this.#target = target;
    this.#options = options;
  }

  start(): void {
    this.#graceEndsMs = performance.now() + START_GRACE_MS;
    this.#round();
  }

  /** Scrapes once more, after the scrape in work if there is one; calls that wait for that share one scrape. */
  scrapeNow(): Promise<void> {
    if (this.#running === undefined) return this.#run();
    this.#waiting ??= this.#running.then(() => {
      this.#waiting = undefined;
      return this.#run();
    });
    return this.#waiting;
  }

  /** Scrapes a last time, for half a second at most and without a word when the target is gone. */
  async finish(): Promise<void> {
    this.#isFinishing = true;
    const cut = setTimeout(() => this.#stopping.abort(), LAST_ROUND_MS);
    await this.scrapeNow();
    clearTimeout(cut);
    await this.stop();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await this.#waiting;
    await this.#running;
  }

  #round(): void {
    const startedMs = performance.now();
    void this.scrapeNow().then(() => {
      if (this.#stopping.signal.aborted || this.#isFinishing) return;
      const intervalMs = this.#isStarting() ? START_INTERVAL_MS : this.#options.intervalMs;
      const leftMs = Math.min(intervalMs, this.#options.intervalMs) - (performance.now() - startedMs);
      this.#timer = setTimeout(() => this.#round(), Math.max(0, leftMs));
    });
  }

  #isStarting(): boolean {
    return performance.now() < this.#graceEndsMs;
  }

  async #run(): Promise<void> {
    this.#running = this.#scrape();
    await this.#running;
    this.#running = undefined;
  }

  /** Never throws: how it went is told to the observer. */
  async #scrape(): Promise<void> {
    const timeUnixMs = Date.now();
    const startedMs = performance.now();
    let exposition: Exposition | undefined;
    let failure: unknown;
    try {
      exposition = await this.#fetch();
      this.#graceEndsMs = 0;
    } catch (error) {
      failure = error;
    }
    if (failure !== undefined && this.#isExcused(failure)) return;
    const result = { timeUnixMs, durationSeconds: (performance.now() - startedMs) / 1000, exposition };
    try {
      await this.#store(result);
    } catch (error) {
      failure ??= error;
    }
    this.#tell(result, failure);
  }

  #fetch(): Promise<Exposition> {
    const { timeoutMs, agent } = this.#options;
    return fetchExposition(this.#target.url, { dispatcher: agent, timeoutMs, signal: this.#stopping.signal });
  }

  /** True for a scrape that failed because the target is starting, or because everything is stopping. */
  #isExcused(failure: unknown): boolean {
    if (this.#stopping.signal.aborted || this.#isFinishing) return true;
    return this.#isStarting() && failure instanceof ScrapeError && failure.reason === 'unreachable';
  }

  async #store(result: ScrapeResult): Promise<void> {
    const samples = samplesOf(this.#target, result);
    const metadata = metadataOf(result);
    const description = JSON.stringify(metadata);
    const news = description === this.#knownMetadata ? [] : metadata;
    for (const part of splitBatch({ spans: [], logs: [], samples, metadata: news })) {
      await this.#options.sink.append(part);
    }
    this.#knownMetadata = description;
  }

  #tell({ durationSeconds, exposition }: ScrapeResult, failure: unknown): void {
    const { observer } = this.#options;
    const target = this.#target.service;
    if (failure === undefined) {
      observer.scraped({ target, durationSeconds, samples: exposition?.samples.length ?? 0 });
      return;
    }
    const message = failure instanceof Error ? failure.message : String(failure);
    observer.scrapeFailed({ target, durationSeconds, reason: reasonOf(failure), message });
  }
}

function reasonOf(failure: unknown): ScrapeFailure {
  if (failure instanceof ScrapeError) return failure.reason;
  return failure instanceof SinkOverloadedError ? 'overloaded' : 'store_failed';
}
