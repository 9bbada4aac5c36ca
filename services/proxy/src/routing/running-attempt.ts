import { type ModelRequest, withModel } from '../dialects/model-request.ts';
import type { CallReport } from '../providers/call-report.ts';
import { asFailure, ProviderFailure } from '../providers/failure.ts';
import type { Provider } from '../providers/provider.ts';
import type { AttemptKind, StartAttempt } from './attempt.ts';
import type { Option } from './candidate.ts';
import type { RoutePolicy } from './policy.ts';

/** Has a provider answer, as a whole or as a stream. */
export type Ask<Answer> = (provider: Provider, request: ModelRequest, report: CallReport) => Promise<Answer>;

/** What every attempt of a call has in common. */
export interface AttemptContext<Answer> {
  readonly request: ModelRequest;
  readonly report: CallReport;
  readonly policy: RoutePolicy;
  readonly ask: Ask<Answer>;
  readonly startAttempt: StartAttempt;
}

/** Failures that say something about the provider, whoever asked what. */
function isFault({ kind, callStatus }: ProviderFailure): boolean {
  return (
    (callStatus === 'error' || callStatus === 'timeout') &&
    kind !== 'total_timeout' &&
    kind !== 'gateway_stopping'
  );
}

/** One attempt under way. */
export class RunningAttempt<Answer> {
  readonly answer: Promise<Answer>;
  readonly #context: AttemptContext<Answer>;
  readonly #option: Option;
  readonly #report: CallReport;
  #answered = false;

  constructor(context: AttemptContext<Answer>, option: Option, kind: AttemptKind) {
    const { report, startAttempt } = context;
    this.#context = context;
    this.#option = option;
    this.#report = report.createAttempt();
    const served = { provider: option.provider.name, model: option.model, label: option.label };
    this.#report.served = served;
    report.served = served;
    report.attemptCount += 1;
    const attempt = startAttempt(served, { number: report.attemptCount, kind });
    this.#limitTime();
    this.#report.onEnd((failure) => {
      this.#tellCircuit(failure);
      attempt.end(failure?.kind === 'lost' ? 'lost' : failure);
    });
    this.answer = this.#run(attempt.run);
  }

  /** Its answer, which is the answer of the call. */
  alone(): Promise<Answer> {
    return this.answer.then((answer) => {
      this.win();
      return answer;
    });
  }

  /** Makes its answer the answer of the call; it ends with the call. */
  win(): void {
    this.#context.report.adopt(this.#report);
  }

  /** Another attempt was faster. */
  lose(): void {
    const failure = new ProviderFailure('lost', { provider: this.#option.provider.name });
    this.#report.abort(failure);
    this.#report.end(failure);
  }

  async #run(inScope: <Result>(ask: () => Promise<Result>) => Promise<Result>): Promise<Answer> {
    const { request, ask } = this.#context;
    const { provider, model, circuit } = this.#option;
    try {
      const answer = await inScope(() => ask(provider, withModel(request, model), this.#report));
      this.#answered = true;
      circuit?.answered();
      return answer;
    } catch (error) {
      this.#report.end(asFailure(error, provider.name));
      throw error;
    }
  }

  #limitTime(): void {
    const { firstByteMs, idleMs, totalMs } = this.#context.policy.timeouts;
    this.#report.timeouts = {
      ...(firstByteMs === undefined ? {} : { headersMs: firstByteMs }),
      ...(idleMs === undefined ? {} : { idleMs }),
    };
    if (totalMs === undefined) return;
    const timer = setTimeout(() => {
      const detail = `${totalMs} ms are the limit.`;
      this.#report.abort(
        new ProviderFailure('attempt_timeout', { provider: this.#option.provider.name, detail }),
      );
    }, totalMs);
    this.#report.onEnd(() => clearTimeout(timer));
  }

  #tellCircuit(failure: ProviderFailure | undefined): void {
    const { circuit } = this.#option;
    if (failure !== undefined && isFault(failure)) circuit?.failed();
    else if (this.#answered) circuit?.succeeded();
    else circuit?.abandoned();
  }
}
