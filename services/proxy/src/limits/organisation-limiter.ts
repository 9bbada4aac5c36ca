import type { Telemetry } from '@ibex/telemetry';
import { createThrottle } from '../throttle.ts';
import type { RequestCounter, WindowCount } from './request-counter.ts';

/** After a failure the counter is left alone for this long, so that a hanging store costs few requests its time-out. */
const restAfterFailureMs = 1_000;
const noticeEveryMs = 60_000;

/** What the limit says about one request. */
export interface LimitVerdict {
  readonly allowed: boolean;
  /** Requests per minute. */
  readonly limit: number;
  readonly remaining: number;
  /** Until the window ends. */
  readonly resetMs: number;
}

/**
 * Limits the requests of an organisation per minute. When the store of the counts fails, requests pass: one warning a
 * minute and `ibex_proxy_rate_limit_redis_errors_total` tell of it.
 */
export class OrganisationLimiter {
  readonly #counter: RequestCounter;
  readonly #telemetry: Telemetry;
  readonly #reportFailure: (error: unknown) => void;
  #restingUntil = Number.NEGATIVE_INFINITY;
  #failing = false;

  constructor(options: { readonly counter: RequestCounter; readonly telemetry: Telemetry }) {
    this.#counter = options.counter;
    this.#telemetry = options.telemetry;
    const { logger } = options.telemetry;
    this.#reportFailure = createThrottle(noticeEveryMs, (error, suppressed) => {
      const fields = { dependency: 'redis', state: 'failing', count: suppressed + 1, error };
      logger.warn('rate limit fails open: requests are not counted', fields);
    });
  }

  /** Counts a request of the organisation; undefined when it passes uncounted. */
  async check(orgId: string, limit: number): Promise<LimitVerdict | undefined> {
    const count = await this.#count(orgId);
    const allowed = count === undefined || count.consumed <= limit;
    const counter = this.#telemetry.metrics.counter('ibex_proxy_rate_limited_total');
    counter.increment({ result: allowed ? 'allowed' : 'denied' });
    if (count === undefined) return undefined;
    return { allowed, limit, remaining: Math.max(0, limit - count.consumed), resetMs: count.resetMs };
  }

  async #count(orgId: string): Promise<WindowCount | undefined> {
    if (performance.now() < this.#restingUntil) return this.#fail(undefined);
    try {
      const count = await this.#counter.count(orgId);
      this.#recover();
      return count;
    } catch (error) {
      this.#restingUntil = performance.now() + restAfterFailureMs;
      return this.#fail(error);
    }
  }

  #fail(error: unknown): undefined {
    this.#telemetry.metrics.counter('ibex_proxy_rate_limit_redis_errors_total').increment({});
    if (error !== undefined) {
      this.#failing = true;
      this.#reportFailure(error);
    }
  }

  #recover(): void {
    if (!this.#failing) return;
    this.#failing = false;
    this.#telemetry.logger.info('rate limit counts again', { dependency: 'redis', state: 'ok' });
  }
}
