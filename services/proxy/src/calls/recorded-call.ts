import { runAtOnce } from '@ibex/telemetry/context';
import type { Span } from '@ibex/telemetry/traces';
import type { Dialect } from '../dialects/dialect.ts';
import type { ModelRequest } from '../dialects/model-request.ts';
import type { JsonObject } from '../json.ts';
import type { CallReport, Served } from '../providers/call-report.ts';
import { asFailure, ProviderFailure } from '../providers/failure.ts';
import type { CallOperation } from './call-end.ts';
import type { RegisteredCall } from './calls-in-flight.ts';
import { estimateUsage } from './estimate-usage.ts';
import type { InstrumentedProviderParts } from './instrumented-provider.ts';

export interface RecordedCallOptions extends InstrumentedProviderParts {
  readonly operation: CallOperation;
  readonly request: ModelRequest;
  readonly report: CallReport;
  /** Who will be asked first. */
  readonly provider: string;
}

/** `gen_ai.operation.name` of a dialect, as far as the conventions have one. */
export function operationName(dialect: Dialect): string {
  if (dialect === 'embeddings' || dialect === 'generate_content') return dialect;
  if (dialect === 'completions') return 'text_completion';
  return dialect === 'count_tokens' ? 'count_tokens' : 'chat';
}

function finite(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

function requestAttributes({ dialect, model, maximumTokens, body }: ModelRequest) {
  const { temperature, top_p: topP }: JsonObject = body;
  return {
    'gen_ai.operation.name': operationName(dialect),
    'gen_ai.request.model': model,
    'gen_ai.request.max_tokens': maximumTokens,
    'gen_ai.request.temperature': finite(temperature),
    'gen_ai.request.top_p': finite(topP),
  };
}

/** One call, from the request to its last byte. It ends exactly once, whoever is first. */
export class RecordedCall implements RegisteredCall {
  readonly span: Span;
  readonly startedAt = performance.now();
  readonly operation: CallOperation;
  readonly report: CallReport;
  readonly #options: RecordedCallOptions;
  readonly #leave: () => void;
  #streamStarted = false;
  #ended = false;

  constructor(options: RecordedCallOptions) {
    const { operation, request, report, telemetry, calls } = options;
    this.#options = options;
    this.operation = operation;
    this.report = report;
    this.span = telemetry.tracer.startSpan(`provider.${operation}`, {
      kind: 'client',
      attributes: requestAttributes(request),
    });
    this.#leave = calls.add(this);
    report.origin.timing.telemetryMs += performance.now() - this.startedAt;
    // Who aborts the call has ended it, whenever the provider notices.
    report.onAbort((failure) => this.fail(failure));
  }

  /** The provider has accepted the request and will stream. */
  startStream(): void {
    this.#streamStarted = true;
  }

  /** The answer is whole. */
  complete(): void {
    const { provider } = this.#served();
    this.#end(this.report.clientLeft ? new ProviderFailure('client_drained', { provider }) : undefined);
  }

  /** Ends the call with what was thrown, and returns it. */
  fail(error: unknown): unknown {
    this.#end(asFailure(error, this.#served().provider));
    return error;
  }

  #served(): Served {
    const { report, provider, request } = this.#options;
    return report.served ?? { provider, model: request.model, label: 'other' };
  }

  /** Ends the call and records it; with a failure unless it was completed. Later calls change nothing. */
  #end(failure: ProviderFailure | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    const { report } = this;
    const endedAt = performance.now();
    const { sinks } = this.#options;
    this.#leave();
    this.#estimate();
    report.end(failure);
    const { firstTokenAt, usage } = report.answer;
    const served = this.#served();
    const { timing, record } = report.origin;
    const end = {
      operation: this.operation,
      operationName: operationName(this.#options.request.dialect),
      served,
      status: failure?.callStatus ?? 'ok',
      outcome: failure?.outcome ?? 'completed',
      durationSeconds: (endedAt - this.startedAt) / 1000,
      overheadSeconds:
        Math.max(0, endedAt - (record?.startedAtMs ?? this.startedAt) - timing.waitedMs) / 1000,
      streamStarted: this.#streamStarted,
      ttfbSeconds: firstTokenAt === undefined ? undefined : (firstTokenAt - this.startedAt) / 1000,
      costMicros: this.#options.prices.costMicros({ served, model: report.origin.model }, usage),
      failure,
      report,
      span: this.span,
    } as const;
    // Who ends a call may be a connection that others share: what is measured belongs to this span.
    runAtOnce({ span: this.span }, () => {
      for (const sink of sinks) sink(end);
    });
    timing.telemetryMs += performance.now() - endedAt;
  }

  /** Where the provider has not told the tokens of a stream it began, by rule of thumb, if that is wanted. */
  #estimate(): void {
    const { answer, estimatesUsage } = this.report;
    if (!estimatesUsage || !this.#streamStarted || answer.usage !== undefined) return;
    const usage = estimateUsage(this.#options.request.bytes.length, answer.textLength);
    answer.countTokens(usage, 'estimated');
  }
}
