import { CircuitBreaker, type CircuitState } from './circuit-breaker.ts';
import type { CircuitPolicy } from './policy.ts';

/** What a circuit is about: a provider and a model, by its name in metrics, so that their number is bounded. */
export interface CircuitSubject {
  readonly provider: string;
  readonly model: string;
}

/** Hears of circuits. */
export interface CircuitReport {
  changed(subject: CircuitSubject, state: CircuitState): void;
  /** The circuit is not asked any more. */
  gone(subject: CircuitSubject): void;
}

/** The circuits of one configuration, one for each provider and model, whichever route asks. */
export class Circuits {
  readonly #breakers = new Map<string, CircuitBreaker>();
  readonly #subjects: CircuitSubject[] = [];
  readonly #report: CircuitReport;
  #isRetired = false;

  constructor(report: CircuitReport) {
    this.#report = report;
  }

  /** The circuit of the subject, made on first use under the policy of the route that asks first. */
  of(subject: CircuitSubject, policy: CircuitPolicy): CircuitBreaker {
    const key = `${subject.provider}\n${subject.model}`;
    const existing = this.#breakers.get(key);
    if (existing !== undefined) return existing;
    const breaker = new CircuitBreaker(policy, (state) => this.#tell(subject, state));
    this.#breakers.set(key, breaker);
    this.#subjects.push(subject);
    this.#tell(subject, 'closed');
    return breaker;
  }

  /** From now on other circuits are told of; calls that began with these still go by them. */
  retire(): void {
    this.#isRetired = true;
    for (const subject of this.#subjects) this.#report.gone(subject);
  }

  #tell(subject: CircuitSubject, state: CircuitState): void {
    if (!this.#isRetired) this.#report.changed(subject, state);
  }
}
