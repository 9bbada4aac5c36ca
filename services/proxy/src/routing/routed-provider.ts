import { ApiError } from '../api-error.ts';
import type { Dialect } from '../dialects/dialect.ts';
import { type ModelRequest, withModel } from '../dialects/model-request.ts';
import { quote } from '../json.ts';
import type { CallReport } from '../providers/call-report.ts';
import { asFailure } from '../providers/failure.ts';
import type { Provider } from '../providers/provider.ts';
import { speaking } from '../translate/speaking.ts';
import type { StartAttempt } from './attempt.ts';
import type { Route, Target } from './route.ts';

/** A target in the dialect of a request. */
interface Candidate {
  readonly target: Target;
  readonly provider: Provider;
}

/** Serves the models of one route by asking its targets. */
export class RoutedProvider implements Provider {
  readonly name: string;
  readonly models: readonly string[];
  readonly #route: Route;
  readonly #startAttempt: StartAttempt;
  readonly #candidates = new Map<Dialect, readonly Candidate[]>();

  constructor(route: Route, startAttempt: StartAttempt) {
    this.name = route.targets[0].provider.name;
    this.models = [route.id];
    this.#route = route;
    this.#startAttempt = startAttempt;
  }

  get dialects(): readonly Dialect[] {
    return [...new Set(this.#route.targets.flatMap(({ provider }) => provider.dialects))];
  }

  async generate(request: ModelRequest, report: CallReport): Promise<Uint8Array> {
    return this.#attempt(request, report, (provider, asked) => provider.generate(asked, report));
  }

  async stream(request: ModelRequest, report: CallReport): Promise<AsyncIterable<Uint8Array>> {
    return this.#attempt(request, report, (provider, asked) => provider.stream(asked, report));
  }

  async close(): Promise<void> {
    await Promise.all(this.#route.targets.map(({ provider }) => provider.close()));
  }

  async #attempt<Answer>(
    request: ModelRequest,
    report: CallReport,
    ask: (provider: Provider, request: ModelRequest) => Promise<Answer>,
  ): Promise<Answer> {
    const [candidate] = this.#candidatesFor(request);
    const { target, provider } = candidate;
    const model = target.model ?? request.model;
    report.served = { provider: provider.name, model, label: target.label };
    report.attemptCount += 1;
    const attempt = this.#startAttempt(report.served, { number: report.attemptCount, kind: 'first' });
    try {
      const answer = await attempt.run(() => ask(provider, withModel(request, model)));
      report.onEnd((failure) => attempt.end(failure));
      return answer;
    } catch (error) {
      attempt.end(asFailure(error, provider.name));
      throw error;
    }
  }

  #candidatesFor(request: ModelRequest): readonly [Candidate, ...Candidate[]] {
    const { dialect } = request;
    let candidates = this.#candidates.get(dialect);
    if (candidates === undefined) {
      candidates = this.#route.targets.flatMap((target) => {
        const provider = speaking(target.provider, dialect);
        return provider === undefined ? [] : [{ target, provider }];
      });
      this.#candidates.set(dialect, candidates);
    }
    const [first, ...others] = candidates;
    if (first !== undefined) return [first, ...others];
    throw new ApiError(400, {
      type: 'invalid_request_error',
      code: 'unsupported_endpoint',
      message: `The model ${quote(request.model)} cannot be used at this endpoint: its provider does not speak its dialect (${dialect}), nor is there a translation. Use another endpoint or another model.`,
      param: 'model',
    });
  }
}
