import { LRUCache } from 'lru-cache';
import { RevokedSubjects } from './revoked-subjects.ts';

/** How a verdict was found, for `ibex_proxy_auth_cache_lookups_total`. */
export type LookupResult = 'hit' | 'miss' | 'coalesced' | 'stale' | 'negative';

/** A verdict and how long it may be trusted. */
export interface Judged<Verdict> {
  readonly verdict: Verdict;
  /** A refusal: kept apart, so that a flood of bad tokens cannot displace the good ones. */
  readonly negative: boolean;
  /** 0 or less: not cached. */
  readonly ttlMs: number;
  /** The same while we are told of revocations; never less than `ttlMs`. */
  readonly watchedTtlMs?: number;
  /** What the verdict is about: it is forgotten when one of these is revoked. */
  readonly subjects?: readonly string[];
}

export interface VerdictCacheOptions {
  /** Most verdicts kept; of the refusals a tenth of it. */
  readonly maximumEntries: number;
  readonly onLookup: (result: LookupResult) => void;
  /** Whether we are being told of revocations at the moment. */
  readonly isWatched?: () => boolean;
}

interface Entry<Verdict> {
  readonly verdict: Verdict;
  readonly subjects: readonly string[];
  /** On the clock of `performance.now`. */
  readonly trustedUntil: number;
  readonly watchedUntil: number;
}

interface Question<Verdict> {
  readonly askedAt: number;
  readonly answer: Promise<Judged<Verdict>>;
}

const maximumInFlight = 1024;
const maximumNegativeTtlMs = 5_000;
/** Nobody joins a question older than this: its answer may be about a time before a revocation. */
const maximumJoinMs = 500;
/** Revocations keep crossing a question: better no answer than an old one. */
const maximumRepeats = 3;

const noSubjects: readonly string[] = [];

/** Too many different questions wait for an answer. */
export class TooManyLookupsError extends Error {
  override readonly name = 'TooManyLookupsError';

  constructor() {
    super(`${maximumInFlight} lookups are already waiting for the auth service`);
  }
}

/**
 * Remembers verdicts for as long as whoever gave them allows, and until they are revoked. Equal questions asked at once
 * share one answer, which nobody's leaving cancels; what fails is not remembered.
 */
export class VerdictCache<Verdict extends object> {
  readonly #positive: LRUCache<string, Entry<Verdict>>;
  readonly #negative: LRUCache<string, Verdict>;
  readonly #inFlight = new Map<string, Question<Verdict>>();
  /** Keys of the verdicts about a subject. */
  readonly #keysBySubject = new Map<string, Set<string>>();
  readonly #revoked = new RevokedSubjects();
  readonly #onLookup: (result: LookupResult) => void;
  readonly #isWatched: () => boolean;

  constructor(options: VerdictCacheOptions) {
    this.#positive = new LRUCache({
      max: options.maximumEntries,
      dispose: (entry, key) => this.#unindex(key, entry.subjects),
    });
    this.#negative = new LRUCache({ max: Math.max(1, Math.floor(options.maximumEntries / 10)) });
    this.#onLookup = options.onLookup;
    this.#isWatched = options.isWatched ?? (() => false);
  }

  /** The verdict under this key where it is a good one that may be trusted. */
  known(key: string): Verdict | undefined {
    const known = this.#positive.get(key);
    if (known === undefined || !this.#isTrusted(known, performance.now())) return undefined;
    this.#onLookup('hit');
    return known.verdict;
  }

  /**
   * The verdict under this key, asked for with `judge` when it is not known.
   *
   * @throws {TooManyLookupsError} when too many other keys are being asked for; and whatever `judge` throws.
   */
  async find(key: string, judge: () => Promise<Judged<Verdict>>): Promise<Verdict> {
    const known = this.known(key);
    if (known !== undefined) return known;
    const refused = this.#negative.get(key);
    if (refused !== undefined) {
      this.#onLookup('negative');
      return refused;
    }
    const pending = this.#inFlight.get(key);
    if (pending !== undefined && performance.now() - pending.askedAt < maximumJoinMs) {
      this.#onLookup('coalesced');
      return (await pending.answer).verdict;
    }
    this.#onLookup(this.#positive.has(key) ? 'stale' : 'miss');
    return (await this.#ask(key, judge)).verdict;
  }

  /** Forgets the verdicts about a subject, and distrusts answers on their way. */
  forget(subject: string): void {
    this.#revoked.add(subject);
    for (const key of this.#keysBySubject.get(subject) ?? noSubjects) this.#positive.delete(key);
  }

  /** Forgets everything, and distrusts every answer on its way. */
  forgetAll(): void {
    this.#revoked.addAll();
    this.#positive.clear();
    this.#negative.clear();
  }

  #isTrusted(entry: Entry<Verdict>, now: number): boolean {
    return now < entry.trustedUntil || (now < entry.watchedUntil && this.#isWatched());
  }

  #ask(key: string, judge: () => Promise<Judged<Verdict>>): Promise<Judged<Verdict>> {
    if (this.#inFlight.size >= maximumInFlight) throw new TooManyLookupsError();
    const answer = this.#judge(key, judge).finally(() => {
      if (this.#inFlight.get(key) === question) this.#inFlight.delete(key);
    });
    const question = { askedAt: performance.now(), answer };
    this.#inFlight.set(key, question);
    return answer;
  }

  /** Asks until no revocation of what the answer is about has crossed it. */
  async #judge(key: string, judge: () => Promise<Judged<Verdict>>): Promise<Judged<Verdict>> {
    for (let repeat = 0; repeat < maximumRepeats; repeat += 1) {
      const askedAt = performance.now();
      const mark = this.#revoked.mark();
      const judged = await judge();
      const crossed = this.#revoked.since(mark, judged.subjects ?? noSubjects);
      if (crossed === 'revoked') continue;
      // What cannot be known is trusted as by somebody who is not told: within the revocation budget.
      const kept = crossed === undefined ? judged : { ...judged, watchedTtlMs: judged.ttlMs };
      this.#keep(key, { judged: kept, askedAt });
      return judged;
    }
    throw new Error(`The verdict was revoked ${maximumRepeats} times while it was asked for.`);
  }

  #keep(key: string, { judged, askedAt }: { judged: Judged<Verdict>; askedAt: number }): void {
    const { verdict, negative, ttlMs, subjects = noSubjects } = judged;
    if (negative) {
      if (ttlMs > 0) this.#negative.set(key, verdict, { ttl: Math.min(ttlMs, maximumNegativeTtlMs) });
      this.#positive.delete(key);
      return;
    }
    const watchedTtlMs = Math.max(ttlMs, judged.watchedTtlMs ?? 0);
    if (watchedTtlMs <= 0) return;
    this.#positive.set(key, {
      verdict,
      subjects,
      trustedUntil: askedAt + ttlMs,
      watchedUntil: askedAt + watchedTtlMs,
    });
    for (const subject of subjects) this.#index(key, subject);
  }

  #index(key: string, subject: string): void {
    const keys = this.#keysBySubject.get(subject);
    if (keys === undefined) this.#keysBySubject.set(subject, new Set([key]));
    else keys.add(key);
  }

  #unindex(key: string, subjects: readonly string[]): void {
    for (const subject of subjects) {
      const keys = this.#keysBySubject.get(subject);
      keys?.delete(key);
      if (keys?.size === 0) this.#keysBySubject.delete(subject);
    }
  }
}
