import type { Provider } from '../providers/provider.ts';
import type { CircuitBreaker } from './circuit-breaker.ts';
import type { Target } from './route.ts';

/** A target that can answer requests of one dialect. */
export interface Candidate {
  readonly target: Target;
  /** The target's provider, behind a translation where it does not speak the dialect. */
  readonly provider: Provider;
  /** Asked only when the targets before it have failed. */
  readonly isFallback: boolean;
}

/** A candidate for one request. */
export interface Option extends Candidate {
  /** The model by its name at the provider. */
  readonly model: string;
  /** The model in metrics. */
  readonly label: string;
  readonly circuit: CircuitBreaker | undefined;
}
