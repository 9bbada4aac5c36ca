import { Agent } from 'undici';
import type { Batch, MetricMetadata, Sink } from '../../model.ts';
import { SinkOverloadedError } from '../../model.ts';
import { splitBatch } from '../../processors/split-batch.ts';
import type { ReceiverObserver } from '../observer.ts';
import type { Exposition } from './exposition.ts';
import { fetchExposition, ScrapeError } from './fetch-exposition.ts';
import type { ScrapeTarget } from './target.ts';
import { metadataOf, samplesOf } from './target.ts';

const DEFAULT_INTERVAL_MS = 5_000;
const LONGEST_TIMEOUT_MS = 10_000;

export interface ScraperOptions {
  targets: readonly ScrapeTarget[];
  sink: Sink;
  observer: ReceiverObserver;
  /** Time from the start of one scrape to the start of the next. Default 5,000. */
  intervalMs?: number;
  /** Longest a scrape may take. Default: the interval, at most 10,000. */
  timeoutMs?: number;
}

/** Fetches the metrics of each target at an interval and stores them, with an `up` series for each target. */
export class PrometheusScraper {
  readonly #loops: TargetLoop[];
  readonly #agent = new Agent({ connections: 1, pipelining: 1 });

  constructor(options: ScraperOptions) {
    const intervalMs = options.intervalMs ?? DEFAULT_INTERVAL_MS;
    const timeoutMs = options.timeoutMs ?? Math.min(intervalMs, LONGEST_TIMEOUT_MS);
    this.#loops = options.targets.map(
      (target) => new TargetLoop(target, { ...options, intervalMs, timeoutMs, agent: this.#agent }),
    );
  }

  /** Scrapes every target at once, and from then on at the interval. */
  start(): void {
    for (const loop of this.#loops) loop.start();
  }

  /** Scrapes every target once more and resolves when what they gave is stored; a target that fails is noted as such. */
  async scrapeNow(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.scrapeNow()));
  }

  /** Ends scraping, cutting what is in work. */
  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await this.#agent.destroy();
  }
}

interface LoopOptions extends ScraperOptions {
  intervalMs: number;
  timeoutMs: number;
  agent: Agent;
}

/** The scrapes of one target, one after the other. */
class TargetLoop {
  readonly #target: ScrapeTarget;
  readonly #options: LoopOptions;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #last: Promise<void> = Promise.resolve();
  /** What the store already knows of the target's families, as JSON. */
  #knownMetadata = '';

  constructor(target: ScrapeTarget, options: LoopOptions) {
    this.#target = target;
    this.#options = options;
  }

  start(): void {
    const startedMs = performance.now();
    void this.scrapeNow().then(() => {
      if (this.#stopping.signal.aborted) return;
      const { intervalMs } = this.#options;
      const tookMs = performance.now() - startedMs;
      this.#timer = setTimeout(() => this.start(), Math.max(0, intervalMs - tookMs));
    });
  }

  scrapeNow(): Promise<void> {
    this.#last = this.#last.then(() => this.#scrape());
    return this.#last;
  }

  async stop(): Promise<void> {
    clearTimeout(this.#timer);
    this.#stopping.abort();
    await this.#last;
  }

  /** Never throws: how it went is told to the observer. */
  async #scrape(): Promise<void> {
    const { observer, timeoutMs, agent } = this.#options;
    const { service, url } = this.#target;
    const timeUnixMs = Date.now();
    const startedMs = performance.now();
    const durationSeconds = (): number => (performance.now() - startedMs) / 1000;
    let exposition: Exposition | undefined;
    try {
      exposition = await fetchExposition(url, {
        dispatcher: agent,
        timeoutMs,
        signal: this.#stopping.signal,
      });
    } catch (error) {
      if (this.#stopping.signal.aborted) return;
      this.#fail(error, durationSeconds());
    }
    const result = { timeUnixMs, durationSeconds: durationSeconds(), exposition };
    try {
      await this.#store({ samples: samplesOf(this.#target, result), metadata: metadataOf(result) });
    } catch (error) {
      this.#fail(error, result.durationSeconds);
      return;
    }
    if (exposition === undefined) return;
    observer.scraped({
      target: service,
      durationSeconds: result.durationSeconds,
      samples: exposition.samples.length,
    });
  }

  async #store({
    samples,
    metadata,
  }: {
    samples: Batch['samples'];
    metadata: MetricMetadata[];
  }): Promise<void> {
    const description = JSON.stringify(metadata);
    const news = description === this.#knownMetadata ? [] : metadata;
    for (const part of splitBatch({ spans: [], logs: [], samples, metadata: news }))
      await this.#options.sink.append(part);
    this.#knownMetadata = description;
  }

  #fail(error: unknown, durationSeconds: number): void {
    const message = error instanceof Error ? error.message : String(error);
    const storeReason = error instanceof SinkOverloadedError ? 'overloaded' : 'store_failed';
    const reason = error instanceof ScrapeError ? error.reason : storeReason;
    this.#options.observer.scrapeFailed({ target: this.#target.service, durationSeconds, reason, message });
  }
}
