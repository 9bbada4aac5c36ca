import { ApiError } from '../api-error.ts';
import type { Dialect } from '../dialects/dialect.ts';
import type { ModelRequest } from '../dialects/model-request.ts';
import { quote } from '../json.ts';
import type { CallReport } from '../providers/call-report.ts';
import { ProviderFailure } from '../providers/failure.ts';
import type { Provider } from '../providers/provider.ts';
import { speaking } from '../translate/speaking.ts';
import type { StartAttempt } from './attempt.ts';
import { begunStream } from './begun-stream.ts';
import { CallRun } from './call-run.ts';
import type { Candidate, Option } from './candidate.ts';
import { drawOrder } from './choose-targets.ts';
import type { Circuits } from './circuits.ts';
import type { ModelLabels } from './model-labels.ts';
import type { Route } from './route.ts';
import type { Ask } from './running-attempt.ts';

export interface RoutingContext {
  readonly startAttempt: StartAttempt;
  readonly circuits: Circuits;
  /** How metrics name models. */
  readonly labels: Pick<ModelLabels, 'labelOf'>;
  /** How long the first event of a stream is waited for before the client gets the headers. */
  readonly firstEventWaitMs: number;
}

/** Serves the models of one route by asking its targets, as its policy says. */
export class RoutedProvider implements Provider {
  readonly name: string;
  readonly models: readonly string[];
  readonly dialects: readonly Dialect[];
  readonly #route: Route;
  readonly #context: RoutingContext;
  readonly #candidates = new Map<Dialect, readonly Candidate[]>();
  readonly #mayAskAgain: boolean;

  constructor(route: Route, context: RoutingContext) {
    const { targets, fallbacks, policy, id } = route;
    this.name = targets[0].provider.name;
    this.models = [id];
    this.dialects = [...new Set(targets.flatMap(({ provider }) => provider.dialects))];
    this.#route = route;
    this.#context = context;
    this.#mayAskAgain =
      targets.length + fallbacks.length > 1 ||
      policy.retries.maximumRetries > 0 ||
      policy.hedgeAfterMs !== undefined;
  }

  generate(request: ModelRequest, report: CallReport): Promise<Uint8Array> {
    return this.#run<Uint8Array>(request, report, (provider, asked, attempt) =>
      provider.generate(asked, attempt),
    );
  }

  stream(request: ModelRequest, report: CallReport): Promise<AsyncIterable<Uint8Array>> {
    return this.#run<AsyncIterable<Uint8Array>>(request, report, async (provider, asked, attempt) => {
      const events = await provider.stream(asked, attempt);
      return this.#mayAskAgain ? begunStream(events, this.#context.firstEventWaitMs) : events;
    });
  }

  async close(): Promise<void> {
    const { targets, fallbacks } = this.#route;
    await Promise.all([...targets, ...fallbacks].map(({ provider }) => provider.close()));
  }

  #run<Answer>(request: ModelRequest, report: CallReport, ask: Ask<Answer>): Promise<Answer> {
    const { policy } = this.#route;
    this.#limitTime(report);
    const { startAttempt } = this.#context;
    const run = new CallRun({ request, report, policy, ask, startAttempt }, this.#optionsFor(request));
    return run.answer();
  }

  #limitTime(report: CallReport): void {
    const { totalMs } = this.#route.policy;
    if (totalMs === undefined) return;
    const timer = setTimeout(() => {
      const provider = report.served?.provider ?? this.name;
      const detail = `${totalMs} ms are the limit of the route.`;
      report.abort(new ProviderFailure('total_timeout', { provider, detail }));
    }, totalMs);
    report.onEnd(() => clearTimeout(timer));
  }

  /** Who can be asked, in the order of this request. */
  #optionsFor(request: ModelRequest): readonly Option[] {
    const candidates = this.#candidatesFor(request.dialect);
    if (candidates.length === 0) throw unsupported(request);
    const [only] = candidates;
    if (candidates.length === 1 && only !== undefined) return [this.#option(only, request)];
    const targets = drawOrder(candidates.filter(({ isFallback }) => !isFallback));
    const fallbacks = candidates.filter(({ isFallback }) => isFallback);
    return [...targets, ...fallbacks].map((candidate) => this.#option(candidate, request));
  }

  #option(candidate: Candidate, request: ModelRequest): Option {
    const { circuits, labels } = this.#context;
    const { circuit } = this.#route.policy;
    const model = candidate.target.model ?? request.model;
    const label = labels.labelOf(model);
    const subject = { provider: candidate.provider.name, model: label };
    return { ...candidate, model, label, circuit: circuit && circuits.of(subject, circuit) };
  }

  #candidatesFor(dialect: Dialect): readonly Candidate[] {
    const known = this.#candidates.get(dialect);
    if (known !== undefined) return known;
    const { targets, fallbacks } = this.#route;
    const candidates = [...targets, ...fallbacks].flatMap((target, index) => {
      const provider = speaking(target.provider, dialect);
      return provider === undefined ? [] : [{ target, provider, isFallback: index >= targets.length }];
    });
    this.#candidates.set(dialect, candidates);
    return candidates;
  }
}

/** What does as well with every model, for dialects that only some providers speak. */
const instead = new Map<Dialect, string>([
  ['completions', 'Send the prompt as a message to /v1/chat/completions'],
]);

function unsupported({ model, dialect }: ModelRequest): ApiError {
  const next = instead.get(dialect) ?? 'Use another endpoint';
  return new ApiError(400, {
    type: 'invalid_request_error',
    code: 'unsupported_endpoint',
    message: `The model ${quote(model)} cannot be used at this endpoint: its provider does not speak its dialect (${dialect}), nor is there a translation. ${next}, or use another model.`,
    param: 'model',
  });
}
