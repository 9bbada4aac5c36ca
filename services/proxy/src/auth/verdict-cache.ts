import { LRUCache } from 'lru-cache';

/** How a verdict was found, for `ibex_proxy_auth_cache_lookups_total`. */
export type LookupResult = 'hit' | 'miss' | 'coalesced' | 'negative';

/** A verdict and how long it may be trusted. */
export interface Judged<Verdict> {
  readonly verdict: Verdict;
  /** A refusal: kept apart, so that a flood of bad tokens cannot displace the good ones. */
  readonly negative: boolean;
  /** 0 or less: not cached. */
  readonly ttlMs: number;
}

export interface VerdictCacheOptions {
  /** Most verdicts kept; of the refusals a tenth of it. */
  readonly maximumEntries: number;
  readonly onLookup: (result: LookupResult) => void;
}

const maximumInFlight = 1024;
const maximumNegativeTtlMs = 5_000;

/** Too many different questions wait for an answer. */
export class TooManyLookupsError extends Error {
  override readonly name = 'TooManyLookupsError';

  constructor() {
    super(`${maximumInFlight} lookups are already waiting for the auth service`);
  }
}

/**
 * Remembers verdicts for as long as whoever gave them allows. Equal questions asked at once share one answer; what
 * fails is not remembered.
 */
export class VerdictCache<Verdict extends object> {
  readonly #positive: LRUCache<string, Verdict>;
  readonly #negative: LRUCache<string, Verdict>;
  readonly #inFlight = new Map<string, Promise<Judged<Verdict>>>();
  readonly #onLookup: (result: LookupResult) => void;

  constructor(options: VerdictCacheOptions) {
    this.#positive = new LRUCache({ max: options.maximumEntries });
    this.#negative = new LRUCache({ max: Math.max(1, Math.floor(options.maximumEntries / 10)) });
    this.#onLookup = options.onLookup;
  }

  /**
   * The verdict under this key, asked for with `judge` when it is not known.
   *
   * @throws {TooManyLookupsError} when too many other keys are being asked for; and whatever `judge` throws.
   */
  async find(key: string, judge: () => Promise<Judged<Verdict>>): Promise<Verdict> {
    const known = this.#positive.get(key);
    if (known !== undefined) {
      this.#onLookup('hit');
      return known;
    }
    const refused = this.#negative.get(key);
    if (refused !== undefined) {
      this.#onLookup('negative');
      return refused;
    }
    const pending = this.#inFlight.get(key);
    this.#onLookup(pending === undefined ? 'miss' : 'coalesced');
    return (await (pending ?? this.#ask(key, judge))).verdict;
  }

  #ask(key: string, judge: () => Promise<Judged<Verdict>>): Promise<Judged<Verdict>> {
    if (this.#inFlight.size >= maximumInFlight) throw new TooManyLookupsError();
    const asked = judge()
      .then((judged) => this.#keep(key, judged))
      .finally(() => this.#inFlight.delete(key));
    this.#inFlight.set(key, asked);
    return asked;
  }

  #keep(key: string, judged: Judged<Verdict>): Judged<Verdict> {
    if (judged.ttlMs <= 0) return judged;
    if (judged.negative) {
      this.#negative.set(key, judged.verdict, { ttl: Math.min(judged.ttlMs, maximumNegativeTtlMs) });
    } else {
      this.#positive.set(key, judged.verdict, { ttl: judged.ttlMs });
    }
    return judged;
  }
}
