import { isIPv6 } from 'node:net';
import { LRUCache } from 'lru-cache';

const windowMs = 60_000;
const maximumAddresses = 10_000;

interface Window {
  count: number;
  readonly endsAt: number;
}

/** The address, or of IPv6 the /64 it lies in: a host owns all of that and could change with every request. */
function networkOf(address: string): string {
  if (!isIPv6(address) || address.startsWith('::ffff:')) return address;
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0');
  return [...before, ...zeros, ...after].slice(0, 4).join(':');
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
