import type { CircuitPolicy } from './policy.ts';

/** `closed`: asked like any other. `open`: not asked. `half_open`: asked by one request at a time, to see. */
export type CircuitState = 'closed' | 'open' | 'half_open';

/** Stops asking a provider for a model after failures in a row, and begins again with one request at a time. */
export class CircuitBreaker {
  readonly #policy: CircuitPolicy;
  readonly #onChange: (state: CircuitState) => void;
  #state: CircuitState = 'closed';
  #failuresInRow = 0;
  #openUntil = 0;
  #probing = false;

  constructor(policy: CircuitPolicy, onChange: (state: CircuitState) => void) {
    this.#policy = policy;
    this.#onChange = onChange;
  }

  /** Whether a request may be made now. One that may must tell how it ended. */
  admits(now = performance.now()): boolean {
    if (this.#state === 'closed') return true;
    if (this.#state === 'open') {
      if (now < this.#openUntil) return false;
      this.#change('half_open');
    }
    if (this.#probing) return false;
    this.#probing = true;
    return true;
  }

  /** How long nothing will be admitted; 0 when something may be. */
  waitMs(now = performance.now()): number {
    return this.#state === 'open' ? Math.max(0, this.#openUntil - now) : 0;
  }

  /** The provider has begun to answer: it may be asked again, but a stream that breaks off is still a failure in a row. */
  answered(): void {
    this.#probing = false;
    if (this.#state !== 'closed') this.#change('closed');
  }

  succeeded(): void {
    this.answered();
    this.#failuresInRow = 0;
  }

  failed(now = performance.now()): void {
    this.#probing = false;
    this.#failuresInRow += 1;
    if (this.#state === 'closed' && this.#failuresInRow < this.#policy.failures) return;
    this.#openUntil = now + this.#policy.openMs;
    if (this.#state !== 'open') this.#change('open');
  }

  /** A request that ended without telling anything about the provider, e.g. because its client left. */
  abandoned(): void {
    this.#probing = false;
  }

  #change(state: CircuitState): void {
    this.#state = state;
    this.#onChange(state);
  }
}
