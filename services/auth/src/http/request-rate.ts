import { networkOf } from '@ibex/service';
import type { Telemetry } from '@ibex/telemetry';
import { Problem } from './problem.ts';

const windowMs = 60_000;
const maximumKeys = 10_000;
/** Behind one address may be several organisations, and people without a token. */
const addressFactor = 4;

interface Window {
  count: number;
  readonly endsAt: number;
}

/** How many requests an organisation, and an address before its token is looked at, may send in a minute. */
export class RequestRate {
  /** The oldest windows first; they make room. */
  readonly #windows = new Map<string, Window>();
  readonly #perMinute: number;
  readonly #refused: () => void;

  /** `perMinute` is an organisation's; 0 for no limit. */
  constructor(telemetry: Telemetry, perMinute: number) {
    this.#perMinute = perMinute;
    const refused = telemetry.metrics.counter('ibex_auth_attempts_refused_total');
    this.#refused = () => refused.increment({ reason: 'rate' });
  }

  /** @throws {Problem} 429 with the seconds until the address may try again. */
  takeAddress(address: string): void {
    this.#take(`address ${networkOf(address)}`, this.#perMinute * addressFactor);
  }

  /** @throws {Problem} 429 with the seconds until the organisation may try again. */
  takeOrganisation(orgId: string): void {
    this.#take(`organisation ${orgId}`, this.#perMinute);
  }

  #take(key: string, limit: number, now = Date.now()): void {
    if (limit === 0) return;
    const window = this.#windowOf(key, now);
    window.count += 1;
    if (window.count <= limit) return;
    this.#refused();
    const retryAfterSeconds = Math.max(1, Math.ceil((window.endsAt - now) / 1000));
    throw new Problem(429, {
      code: 'too_many_requests',
      message: `This API takes ${limit} requests per minute. Try again in ${retryAfterSeconds} s.`,
      retryAfterSeconds,
    });
  }

  #windowOf(key: string, now: number): Window {
    const known = this.#windows.get(key);
    if (known !== undefined && known.endsAt > now) return known;
    const window = { count: 0, endsAt: now + windowMs };
    this.#windows.delete(key);
    this.#windows.set(key, window);
    const [oldest] = this.#windows.keys();
    if (this.#windows.size > maximumKeys && oldest !== undefined) this.#windows.delete(oldest);
    return window;
  }
}
