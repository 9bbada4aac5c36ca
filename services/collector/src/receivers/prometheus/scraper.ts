import { Agent } from 'undici';
import type { Sink } from '../../model.ts';
import type { ReceiverObserver } from '../observer.ts';
import type { ScrapeTarget } from './target.ts';
import { TargetLoop } from './target-loop.ts';

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

  /**
   * Ends scraping with a last round, which takes the values that the targets would otherwise take with them. A target
   * that is already gone is passed over in silence.
   */
  async finish(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.finish()));
    await this.#agent.destroy();
  }

  /** Ends scraping, cutting what is in work. */
  async stop(): Promise<void> {
    await Promise.all(this.#loops.map((loop) => loop.stop()));
    await this.#agent.destroy();
  }
}
