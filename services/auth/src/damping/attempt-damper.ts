import { hash } from 'node:crypto';
import { networkOf } from '@ibex/service';
import type { Telemetry } from '@ibex/telemetry';
import { dropOldest } from '../drop-oldest.ts';
import { tokenIdOf } from '../tokens/token-text.ts';

const windowMs = 60_000;
/** Wrong tokens within the window before an address is refused; many people may share one. */
const failuresPerAddress = 30;
/** Wrong secrets for one token within the window. */
const failuresPerToken = 10;
const maximumKeys = 10_000;

interface Failures {
  count: number;
  /** When the window ends, Unix milliseconds. */
  endsAt: number;
}

/** Counts failures by key within a window; the oldest keys make room. */
class FailureCounter {
  readonly #failures = new Map<string, Failures>();
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(key: string, now: number): void {
    const known = this.#failures.get(key);
    if (known !== undefined && known.endsAt > now) {
      known.count += 1;
      return;
    }
    this.#failures.delete(key);
    this.#failures.set(key, { count: 1, endsAt: now + windowMs });
    dropOldest(this.#failures, maximumKeys);
  }

  /** Until when the key is refused; undefined when it is not. */
  refusedUntil(key: string, now: number): number | undefined {
    const known = this.#failures.get(key);
    return known !== undefined && known.count >= this.#limit && known.endsAt > now ? known.endsAt : undefined;
  }
}

/** Somebody tries a token. */
export interface Attempt {
  readonly token: string;
  /** Empty when it is not known. */
  readonly address: string;
}

/** Too many wrong tokens: this one is not looked at. */
export class TooManyAttempts extends Error {
  override readonly name = 'TooManyAttempts';
  readonly retryAfterSeconds: number;

  constructor(what: string, retryAfterMs: number) {
    const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
    super(`There were too many wrong tokens ${what}. Try again in ${seconds} s.`);
    this.retryAfterSeconds = seconds;
  }
}

/**
 * Slows down who guesses, by address and by the token that is guessed at. A token that was right here lately is never
 * refused for what others do wrong: its owner cannot be locked out by who knows its id or shares its address.
 */
export class AttemptDamper {
  readonly #addresses = new FailureCounter(failuresPerAddress);
  readonly #tokens = new FailureCounter(failuresPerToken);
  /** Digests of tokens that were right, the oldest first. */
  readonly #right = new Set<string>();
  readonly #refuse: (reason: 'address' | 'token') => void;

  constructor(telemetry: Telemetry) {
    const refused = telemetry.metrics.counter('ibex_auth_attempts_refused_total');
    this.#refuse = (reason) => refused.increment({ reason });
  }

  /** @throws {TooManyAttempts} when the token is not to be looked at. */
  check({ token, address }: Attempt, now = Date.now()): void {
    const tokenId = tokenIdOf(token);
    const byAddress = address === '' ? undefined : this.#addresses.refusedUntil(networkOf(address), now);
    const byToken = tokenId === undefined ? undefined : this.#tokens.refusedUntil(tokenId, now);
    if (byAddress === undefined && byToken === undefined) return;
    if (this.#right.has(digestOf(token))) return;
    this.#refuse(byAddress === undefined ? 'token' : 'address');
    const until = Math.max(byAddress ?? 0, byToken ?? 0);
    throw new TooManyAttempts(byAddress === undefined ? 'for this token' : 'from your address', until - now);
  }

  /** Takes down how a token that was looked at turned out. */
  record({ token, address }: Attempt, { right }: { right: boolean }): void {
    if (right) {
      this.#remember(digestOf(token));
      return;
    }
    const now = Date.now();
    const tokenId = tokenIdOf(token);
    if (address !== '') this.#addresses.add(networkOf(address), now);
    if (tokenId !== undefined) this.#tokens.add(tokenId, now);
  }

  #remember(digest: string): void {
    this.#right.delete(digest);
    this.#right.add(digest);
    dropOldest(this.#right, maximumKeys);
  }
}

function digestOf(token: string): string {
  return hash('sha256', token, 'base64');
}
