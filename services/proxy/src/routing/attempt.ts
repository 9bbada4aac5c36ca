import type { Served } from '../providers/call-report.ts';
import type { ProviderFailure } from '../providers/failure.ts';

/** Why an attempt was made. */
export type AttemptKind = 'first' | 'retry' | 'fallback' | 'hedge';

/** One attempt to have a provider answer, being recorded. */
export interface Attempt {
  /** Asks the provider, as this attempt. */
  run<Answer>(ask: () => Promise<Answer>): Promise<Answer>;
  /** Ends it, once: with a failure, as `lost` when another attempt was faster, or well. Later calls change nothing. */
  end(result?: ProviderFailure | 'lost'): void;
}

/** Begins to record an attempt; the first has the number 1. */
export type StartAttempt = (served: Served, about: { number: number; kind: AttemptKind }) => Attempt;
