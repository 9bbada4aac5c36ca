import type { Telemetry } from '@ibex/telemetry';
import type { HttpRequestRecord } from '@ibex/telemetry/http';
import type { Span } from '@ibex/telemetry/traces';
import { ApiError } from '../api-error.ts';
import { CallReport } from '../providers/call-report.ts';
import type { ServedModel } from '../providers/catalogue.ts';
import { type CallOutcome, type CallStatus, ProviderFailure } from '../providers/failure.ts';
import type { RecordCall } from './record-call.ts';

export type CallOperation = 'generate' | 'generate_stream';

/** How a call ended: the one record that metrics, span and log line are made from. */
export interface CallEnd {
  readonly operation: CallOperation;
  readonly provider: string;
  /** As the client asked for it. */
  readonly model: string;
  /** As metrics name it. */
  readonly modelLabel: string;
  readonly status: CallStatus;
  readonly outcome: CallOutcome;
  readonly durationSeconds: number;
  /** Of a stream that the provider accepted: from then on it counts as a stream. */
  readonly streamStarted: boolean;
  readonly ttfbSeconds: number | undefined;
  readonly failure: ProviderFailure | undefined;
  readonly report: CallReport;
  readonly span: Span;
  readonly request: HttpRequestRecord;
}

export interface CallOptions {
  readonly operation: CallOperation;
  readonly model: ServedModel;
  readonly request: HttpRequestRecord;
  readonly totalTimeoutMs: number;
  readonly telemetry: Telemetry;
  readonly record: RecordCall;
}

/** One call of a provider, from the request to its last byte. It ends exactly once, whoever is first. */
export class ProviderCall {
  readonly report: CallReport;
  readonly span: Span;
  readonly #options: CallOptions;
  readonly #abort = new AbortController();
  readonly #startedAt = performance.now();
  readonly #timer: NodeJS.Timeout;
  #streamStarted = false;
  #ended = false;

  constructor(options: CallOptions) {
    const { model, operation, request, telemetry, totalTimeoutMs } = options;
    const provider = model.provider.name;
    this.#options = options;
    this.report = new CallReport({ requestId: request.requestId, signal: this.#abort.signal });
    this.span = telemetry.tracer.startSpan(`provider.${operation}`, {
      kind: 'client',
      attributes: {
        'provider.name': provider,
        'provider.model': model.id,
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': provider,
        'gen_ai.request.model': model.id,
      },
    });
    this.#timer = setTimeout(() => {
      this.abort(
        new ProviderFailure('total_timeout', { provider, detail: `${totalTimeoutMs} ms are the limit.` }),
      );
    }, totalTimeoutMs);
  }

  /** Name of the provider. */
  get provider(): string {
    return this.#options.model.provider.name;
  }

  /** Stops the provider; whoever waits for it gets the failure. */
  abort(failure: ProviderFailure): void {
    this.#abort.abort(failure);
  }

  /** The client is gone: stops the provider and ends the call at once. */
  cancel(): void {
    if (this.#ended) return;
    const failure = new ProviderFailure('client_left', { provider: this.provider });
    this.end(failure);
    this.abort(failure);
  }

  /** The provider has accepted the request and will stream. */
  startStream(): void {
    this.#streamStarted = true;
  }

  /** Ends the call and records it; with a failure unless it was completed. Later calls change nothing. */
  end(failure?: ProviderFailure): void {
    if (this.#ended) return;
    this.#ended = true;
    clearTimeout(this.#timer);
    const { firstTokenAt } = this.report;
    this.#options.record({
      operation: this.#options.operation,
      provider: this.provider,
      model: this.#options.model.id,
      modelLabel: this.#options.model.label,
      status: failure?.callStatus ?? 'ok',
      outcome: failure?.outcome ?? 'completed',
      durationSeconds: (performance.now() - this.#startedAt) / 1000,
      streamStarted: this.#streamStarted,
      ttfbSeconds: firstTokenAt === undefined ? undefined : (firstTokenAt - this.#startedAt) / 1000,
      failure,
      report: this.report,
      span: this.span,
      request: this.#options.request,
    });
  }

  /** Ends the call with what was thrown, and returns the error the client gets. */
  fail(error: unknown): unknown {
    const { provider } = this;
    if (error instanceof ProviderFailure) {
      this.end(error);
      return error.toApiError();
    }
    const kind = error instanceof ApiError ? 'rejected' : 'failed';
    const detail = error instanceof ApiError ? error.message : 'the gateway broke.';
    this.end(new ProviderFailure(kind, { provider, detail }));
    return error;
  }
}
