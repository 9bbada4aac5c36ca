import type { Span } from '@ibex/telemetry/traces';
import type { Dialect } from '../dialects/dialect.ts';
import type { ModelRequest } from '../dialects/model-request.ts';
import type { CallReport } from '../providers/call-report.ts';
import { asFailure, type ProviderFailure } from '../providers/failure.ts';
import type { CallOperation } from './call-end.ts';
import type { InstrumentedProviderParts } from './instrumented-provider.ts';

export interface RecordedCallOptions extends InstrumentedProviderParts {
  readonly operation: CallOperation;
  readonly request: ModelRequest;
  readonly report: CallReport;
  /** Who will be asked first. */
  readonly provider: string;
}

/** `gen_ai.operation.name` of a dialect, as far as the conventions have one. */
function operationName(dialect: Dialect): string {
  if (dialect === 'embeddings' || dialect === 'generate_content') return dialect;
  return dialect === 'count_tokens' ? 'count_tokens' : 'chat';
}

/** One call, from the request to its last byte. It ends exactly once, whoever is first. */
export class RecordedCall {
  readonly span: Span;
  readonly #options: RecordedCallOptions;
  readonly #startedAt = performance.now();
  #streamStarted = false;
  #ended = false;

  constructor(options: RecordedCallOptions) {
    const { operation, request, report, provider, telemetry, calls } = options;
    this.#options = options;
    this.span = telemetry.tracer.startSpan(`provider.${operation}`, {
      kind: 'client',
      attributes: {
        'gen_ai.operation.name': operationName(request.dialect),
        'gen_ai.request.model': request.model,
      },
    });
    report.served ??= { provider, model: request.model, label: 'other' };
    calls.add(report);
    // Who aborts the call has ended it, whenever the provider notices.
    report.signal.addEventListener('abort', () => this.fail(report.signal.reason), { once: true });
    if (report.signal.aborted) this.fail(report.signal.reason);
  }

  /** The provider has accepted the request and will stream. */
  startStream(): void {
    this.#streamStarted = true;
  }

  /** Ends the call and records it; with a failure unless it was completed. Later calls change nothing. */
  end(failure?: ProviderFailure): void {
    if (this.#ended) return;
    this.#ended = true;
    const { operation, report, provider, request, calls, sinks } = this.#options;
    calls.remove(report);
    report.end(failure);
    const { firstTokenAt } = report.answer;
    const end = {
      operation,
      served: report.served ?? { provider, model: request.model, label: 'other' },
      status: failure?.callStatus ?? 'ok',
      outcome: failure?.outcome ?? 'completed',
      durationSeconds: (performance.now() - this.#startedAt) / 1000,
      streamStarted: this.#streamStarted,
      ttfbSeconds: firstTokenAt === undefined ? undefined : (firstTokenAt - this.#startedAt) / 1000,
      failure,
      report,
      span: this.span,
    } as const;
    for (const sink of sinks) sink(end);
  }

  /** Ends the call with what was thrown, and returns it. */
  fail(error: unknown): unknown {
    const provider = this.#options.report.served?.provider ?? this.#options.provider;
    this.end(asFailure(error, provider));
    return error;
  }
}
