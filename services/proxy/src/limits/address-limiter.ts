import { networkOf } from '@ibex/service';
import { LRUCache } from 'lru-cache';

const windowMs = 60_000;
const maximumAddresses = 10_000;

interface Window {
  count: number;
  readonly endsAt: number;
}

/**
 * A coarse limit per client address, against floods of guesses before any token is looked at. It remembers the 10,000
 * addresses seen last and costs no promise.
 */
export class AddressLimiter {
  readonly #windows = new LRUCache<string, Window>({ max: maximumAddresses });
  readonly #limit: number;

  /** `limit` in requests per minute; 0 for none. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Counts a request; undefined when it may pass, else how long to wait, in milliseconds. */
  check(address: string): number | undefined {
    if (this.#limit === 0) return undefined;
    const key = networkOf(address);
    const now = performance.now();
    const known = this.#windows.get(key);
    const window = known === undefined || known.endsAt <= now ? { count: 0, endsAt: now + windowMs } : known;
    if (window !== known) this.#windows.set(key, window);
    window.count += 1;
    return window.count > this.#limit ? window.endsAt - now : undefined;
  }
}
