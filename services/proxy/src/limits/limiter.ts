import { randomUUID } from 'node:crypto';
import type { Telemetry } from '@ibex/telemetry';
import { LRUCache } from 'lru-cache';
import { type NowOrLater, whenKnown } from '../now-or-later.ts';
import { createThrottle } from '../throttle.ts';
import type { LimitStore, Refusal, Settlement, Taken, Wanted } from './limit-store.ts';
import type { LimitSubject } from './subjects.ts';

/** After a failure the store is left alone for this long, so that a hanging one costs few requests its time-out. */
const restAfterFailureMs = 1_000;
const noticeEveryMs = 60_000;
const rememberedRefusals = 10_000;

/** What the limits say about a request. */
export interface LimitVerdict extends Taken {
  /** Says how many tokens it was in truth, and frees its place; to be called once, when the request has ended. */
  settle(actualTokens: number): void;
}

interface RememberedRefusal {
  readonly refusal: Refusal;
  readonly until: number;
}

/**
 * Limits requests, tokens and requests under way. When the store of the counts fails, requests pass: one warning a minute
 * and `ibex_proxy_rate_limit_redis_errors_total` tell of it.
 */
export class Limiter {
  readonly #store: LimitStore;
  readonly #telemetry: Telemetry;
  readonly #reportFailure: (error: unknown) => void;
  /** Who has no request left, by key: refused again without asking. */
  readonly #refusals = new LRUCache<string, RememberedRefusal>({ max: rememberedRefusals });
  readonly #checks: Readonly<Record<'allowed' | 'denied', { increment(): void }>>;
  #restingUntil = Number.NEGATIVE_INFINITY;
  #failing = false;

  constructor(options: { readonly store: LimitStore; readonly telemetry: Telemetry }) {
    this.#store = options.store;
    this.#telemetry = options.telemetry;
    const { logger, metrics } = options.telemetry;
    const checks = metrics.counter('ibex_proxy_rate_limited_total');
    this.#checks = { allowed: checks.bind({ result: 'allowed' }), denied: checks.bind({ result: 'denied' }) };
    this.#reportFailure = createThrottle(noticeEveryMs, (error, suppressed) => {
      const fields = { dependency: 'redis', state: 'failing', count: suppressed + 1, error };
      logger.warn('rate limit fails open: requests are not counted', fields);
    });
  }

  /** The refusal that is certain already, before the request is read. Subjects are asked of the store only by `take`. */
  knownRefusal(subjects: readonly LimitSubject[]): Refusal | undefined {
    if (this.#refusals.size === 0) return undefined;
    const now = performance.now();
    for (const { key, requestsPerMinute } of subjects) {
      const known = this.#refusals.get(key);
      if (known === undefined) continue;
      // Another limit than the one that was broken: whoever raised it wants it to hold at once.
      if (now < known.until && known.refusal.subject.requestsPerMinute === requestsPerMinute) {
        this.#count(known.refusal);
        return { ...known.refusal, waitMs: known.until - now };
      }
      this.#refusals.delete(key);
    }
    return undefined;
  }

  /** Counts a request; undefined when it passes uncounted. */
  take(wanted: Omit<Wanted, 'lease'>): NowOrLater<LimitVerdict | undefined> {
    const places =
      wanted.tokens > 0 && wanted.subjects.some(({ concurrentRequests }) => concurrentRequests > 0);
    const whole = { ...wanted, lease: places ? randomUUID() : undefined };
    return whenKnown(this.#ask(whole), (taken) => this.#judge(taken, whole));
  }

  close(): void {
    this.#store.close();
  }

  #judge(taken: Taken | undefined, wanted: Wanted): LimitVerdict | undefined {
    this.#count(taken?.refusal);
    if (taken === undefined) return undefined;
    if (taken.refusal !== undefined) this.#remember(taken.refusal);
    let settled = taken.refusal !== undefined;
    return {
      ...taken,
      settle: (actualTokens) => {
        if (settled) return;
        settled = true;
        this.#settle({ ...wanted, actualTokens });
      },
    };
  }

  #remember(refusal: Refusal): void {
    // Tokens and places may be given back at any time; a request never is.
    if (refusal.thing !== 'requests' || refusal.waitMs === undefined) return;
    this.#refusals.set(refusal.subject.key, { refusal, until: performance.now() + refusal.waitMs });
  }

  #count(refusal: Refusal | undefined): void {
    this.#checks[refusal === undefined ? 'allowed' : 'denied'].increment();
    if (refusal === undefined) return;
    const { subject, thing } = refusal;
    this.#telemetry.metrics
      .counter('ibex_proxy_limit_refusals_total')
      .increment({ scope: subject.kind, limit: thing });
  }

  #ask(wanted: Wanted): NowOrLater<Taken | undefined> {
    if (wanted.subjects.length === 0) return { used: [], refusal: undefined };
    if (performance.now() < this.#restingUntil) return this.#fail(undefined);
    try {
      const taken = whenKnown(this.#store.take(wanted), (known) => this.#recovered(known));
      return taken instanceof Promise ? taken.catch((error) => this.#rest(error)) : taken;
    } catch (error) {
      return this.#rest(error);
    }
  }

  #rest(error: unknown): undefined {
    this.#restingUntil = performance.now() + restAfterFailureMs;
    return this.#fail(error);
  }

  #settle(settlement: Settlement): void {
    const { subjects, lease, tokens, actualTokens } = settlement;
    const counted = subjects.some(({ tokensPerMinute }) => tokensPerMinute > 0) && tokens !== actualTokens;
    if (lease === undefined && !counted) return;
    // Tokens fade within the minute, and the place within the life of its lease.
    try {
      const settled = this.#store.settle(settlement);
      if (settled instanceof Promise) settled.catch((error) => this.#fail(error));
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): undefined {
    this.#telemetry.metrics.counter('ibex_proxy_rate_limit_redis_errors_total').increment({});
    if (error !== undefined) {
      this.#failing = true;
      this.#reportFailure(error);
    }
  }

  #recovered(taken: Taken): Taken {
    if (!this.#failing) return taken;
    this.#failing = false;
    this.#telemetry.logger.info('rate limit counts again', { dependency: 'redis', state: 'ok' });
    return taken;
  }
}
