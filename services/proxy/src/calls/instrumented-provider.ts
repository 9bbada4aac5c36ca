import type { Telemetry } from '@ibex/telemetry';
import { runInScope } from '@ibex/telemetry/context';
import type { ModelRequest } from '../dialects/model-request.ts';
import type { StreamingPolicy } from '../pipeline/streaming-policy.ts';
import type { CallReport } from '../providers/call-report.ts';
import type { Provider } from '../providers/provider.ts';
import { WrappingProvider } from '../providers/wrapping-provider.ts';
import type { PriceTable } from '../usage/prices.ts';
import type { CallOperation, CallSink } from './call-end.ts';
import type { CallsInFlight } from './calls-in-flight.ts';
import { type GapMeasure, measureGaps } from './measure-gen-ai.ts';
import { ObservedStream } from './observed-stream.ts';
import { RecordedCall } from './recorded-call.ts';

export interface InstrumentedProviderParts {
  readonly telemetry: Telemetry;
  readonly calls: CallsInFlight;
  readonly streaming: StreamingPolicy;
  /** What models cost. */
  readonly prices: PriceTable;
  /** Get the one record of the end of every call. */
  readonly sinks: readonly CallSink[];
}

/**
 * Any provider, with all telemetry of its calls: a span `provider.generate` or `provider.generate_stream`, and one record
 * at the end from which metrics, span, log line and ledger are made. The author of a provider writes none of it.
 */
export class InstrumentedProvider extends WrappingProvider {
  readonly #parts: InstrumentedProviderParts;
  readonly #measureGap: GapMeasure;

  constructor(provider: Provider, parts: InstrumentedProviderParts) {
    super(provider);
    this.#parts = parts;
    this.#measureGap = measureGaps(parts.telemetry);
  }

  async generate(request: ModelRequest, report: CallReport): Promise<Uint8Array> {
    const call = this.#begin('generate', request, report);
    const countWait = startWait(report);
    try {
      const answer = await runInScope({ span: call.span }, () => this.inner.generate(request, report));
      countWait();
      call.complete();
      return answer;
    } catch (error) {
      countWait();
      throw call.fail(error);
    }
  }

  async stream(request: ModelRequest, report: CallReport): Promise<AsyncIterable<Uint8Array>> {
    const call = this.#begin('generate_stream', request, report);
    const countWait = startWait(report);
    try {
      const events = await runInScope({ span: call.span }, () => this.inner.stream(request, report));
      countWait();
      call.startStream();
      const onGap = (seconds: number) => this.#measureGap(report, seconds);
      return new ObservedStream(events, { call, report, policy: this.#parts.streaming, onGap });
    } catch (error) {
      countWait();
      throw call.fail(error);
    }
  }

  #begin(operation: CallOperation, request: ModelRequest, report: CallReport): RecordedCall {
    report.estimatesUsage = this.#parts.streaming.estimateUsage;
    return new RecordedCall({ operation, request, report, provider: this.name, ...this.#parts });
  }
}

/** Begins to wait for the provider; what is returned counts the wait. */
function startWait(report: CallReport): () => void {
  const { timing } = report.origin;
  const startedAt = performance.now();
  const queuedMs = timing.queueMs;
  return () => {
    // What the gateway did itself meanwhile, and its waits before further attempts, are no wait for the provider.
    const ownMs = report.answer.ownMs + (timing.queueMs - queuedMs);
    timing.upstreamMs += Math.max(0, performance.now() - startedAt - ownMs);
  };
}
