import { setTimeout as wait } from 'node:timers/promises';
import { ApiError } from '../api-error.ts';
import { ProviderFailure } from '../providers/failure.ts';
import type { AttemptKind } from './attempt.ts';
import { retryDelayMs } from './backoff.ts';
import type { Option } from './candidate.ts';
import { mayFallBack } from './policy.ts';
import { race } from './race.ts';
import { type AttemptContext, RunningAttempt } from './running-attempt.ts';

/** One call: asks its options, in order, each as often as the policy says, until one answers. */
export class CallRun<Answer> {
  readonly #context: AttemptContext<Answer>;
  readonly #options: readonly Option[];
  #hedged = false;

  constructor(context: AttemptContext<Answer>, options: readonly Option[]) {
    this.#context = context;
    this.#options = options;
  }

  /**
   * @throws {ProviderFailure} the failure of the last attempt.
   * @throws {ApiError} what can be said to none of the options, as none could be asked.
   */
  async answer(): Promise<Answer> {
    let failure: ProviderFailure | undefined;
    let unsayable: ApiError | undefined;
    for (const option of this.#options) {
      for (let retries = 0; option.circuit?.admits() !== false; retries += 1) {
        try {
          return await this.#attempt(option, this.#kindOf(option, retries));
        } catch (error) {
          if (error instanceof ApiError) {
            // The request cannot be told to this provider; the next may speak more of the client's dialect.
            unsayable ??= error;
            break;
          }
          if (!(error instanceof ProviderFailure)) throw error;
          failure = error;
        }
        const delayMs = this.#delayMs(failure, retries);
        if (delayMs === undefined) break;
        await this.#pause(delayMs);
      }
      // A circuit that is open says less than the failure of an attempt.
      if (unsayable === undefined) failure ??= circuitOpen(option);
      if (failure !== undefined && !mayFallBack(failure.kind)) break;
    }
    throw this.#last(failure, unsayable);
  }

  #last(failure: ProviderFailure | undefined, unsayable: ApiError | undefined): Error {
    if (failure === undefined && unsayable !== undefined) return unsayable;
    const last = failure ?? new ProviderFailure('failed', { provider: 'none' });
    last.exhausted = this.#context.report.attemptCount > 1;
    return last;
  }

  /** Before the same option is asked again; undefined when it is not. */
  #delayMs(failure: ProviderFailure, retries: number): number | undefined {
    const { policy, report } = this.#context;
    return report.aborted === undefined
      ? retryDelayMs(failure, { policy: policy.retries, retries })
      : undefined;
  }

  async #pause(durationMs: number): Promise<void> {
    const { signal, origin } = this.#context.report;
    const startedAt = performance.now();
    try {
      await wait(durationMs, undefined, { signal });
    } catch {
      throw signal.reason;
    } finally {
      origin.timing.queueMs += performance.now() - startedAt;
    }
  }

  #kindOf(option: Option, retries: number): AttemptKind {
    if (retries > 0) return 'retry';
    return this.#context.report.attemptCount === 0 || option === this.#options[0] ? 'first' : 'fallback';
  }

  #attempt(option: Option, kind: AttemptKind): Promise<Answer> {
    const { hedgeAfterMs } = this.#context.policy;
    const attempt = new RunningAttempt(this.#context, option, kind);
    if (hedgeAfterMs === undefined || this.#hedged) return attempt.alone();
    return race(attempt, { afterMs: hedgeAfterMs, hedge: () => this.#hedge(option) });
  }

  /** Once for each call: the next option that may be asked, or the same where there is no other. */
  #hedge(option: Option): RunningAttempt<Answer> | undefined {
    this.#hedged = true;
    const others = this.#options.filter((other) => other !== option && !other.isFallback);
    const candidates = others.length > 0 ? others : [option];
    const admitted = candidates.find(({ circuit }) => circuit?.admits() !== false);
    return admitted && new RunningAttempt(this.#context, admitted, 'hedge');
  }
}

function circuitOpen({ provider, circuit, model }: Option): ProviderFailure {
  const seconds = Math.max(1, Math.ceil((circuit?.waitMs() ?? 0) / 1000));
  return new ProviderFailure('circuit_open', {
    provider: provider.name,
    detail: `the model ${JSON.stringify(model)} is tried again in ${seconds} s.`,
    retryAfter: String(seconds),
  });
}
