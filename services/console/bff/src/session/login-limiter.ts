import { LRUCache } from 'lru-cache';

const windowMs = 60_000;
const maximumAddresses = 10_000;

interface Window {
  readonly endsAtUnixMs: number;
  attempts: number;
}

/** Bounds how often one address may try to log in: a fixed count per minute. */
export class LoginLimiter {
  readonly #windows = new LRUCache<string, Window>({ max: maximumAddresses });
  readonly #attemptsPerMinute: number;
  readonly #now: () => number;

  constructor(options: { attemptsPerMinute: number; now?: () => number }) {
    this.#attemptsPerMinute = options.attemptsPerMinute;
    this.#now = options.now ?? Date.now;
  }

  /** Counts an attempt. Returns 0 when it is allowed, else the seconds until the next one is. */
  attempt(address: string): number {
    const now = this.#now();
    const current = this.#windows.get(address);
    if (current === undefined || current.endsAtUnixMs <= now) {
      this.#windows.set(address, { endsAtUnixMs: now + windowMs, attempts: 1 });
      return 0;
    }
    current.attempts += 1;
    if (current.attempts <= this.#attemptsPerMinute) return 0;
    return Math.ceil((current.endsAtUnixMs - now) / 1000);
  }
}
