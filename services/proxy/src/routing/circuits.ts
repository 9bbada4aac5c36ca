import { CircuitBreaker, type CircuitState } from './circuit-breaker.ts';
import type { CircuitPolicy } from './policy.ts';

/** What a circuit is about: a provider and a model, by its name in metrics, so that their number is bounded. */
export interface CircuitSubject {
  readonly provider: string;
  readonly model: string;
}

/** Hears of every change. */
export type OnCircuitChange = (subject: CircuitSubject, state: CircuitState) => void;

/** The circuits of one configuration, one for each provider and model, whichever route asks. */
export class Circuits {
  readonly #breakers = new Map<string, CircuitBreaker>();
  readonly #onChange: OnCircuitChange;

  constructor(onChange: OnCircuitChange) {
    this.#onChange = onChange;
  }

  /** The circuit of the subject, made on first use under the policy of the route that asks first. */
  of(subject: CircuitSubject, policy: CircuitPolicy): CircuitBreaker {
    const key = `${subject.provider}\n${subject.model}`;
    const existing = this.#breakers.get(key);
    if (existing !== undefined) return existing;
    const breaker = new CircuitBreaker(policy, (state) => this.#onChange(subject, state));
    this.#breakers.set(key, breaker);
    this.#onChange(subject, 'closed');
    return breaker;
  }
}
