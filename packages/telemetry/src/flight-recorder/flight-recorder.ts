import type { IbexContract } from '@ibex/contract';
import { encodeSpan } from '../export/encode.ts';
import type { MetricRegistry } from '../metrics/registry.ts';
import type { AttributeValue, EndedSpan, FinishedSpan } from '../traces/span.ts';
import type { KeepBus } from './keep-bus.ts';
import { type KeepReason, keepReasonAttribute, reasonLabel } from './keep-reason.ts';
import { KeptTraces } from './kept-traces.ts';
import { recoverSpan } from './recovered-span.ts';
import { SpanRing } from './span-ring.ts';
import { type SlowThresholds, slowThresholds, verdictOf } from './verdict.ts';

/** How a process learned that a trace is to be kept: by itself, from a call's answer, or from the bus. */
export type KeepSource = 'local' | 'response' | 'announcement';

export interface FlightRecorderOptions {
  /** Size of the ring. */
  readonly bytes: number;
  readonly contract: IbexContract;
  readonly metrics: MetricRegistry<IbexContract>;
  /** Takes what is kept. */
  readonly export: (span: FinishedSpan) => void;
  /** Tells other processes; without it only those on the way back of the answer learn of a verdict. */
  readonly bus?: KeepBus | undefined;
}

const maximumKeptTraces = 8_192;
const keptForMs = 60_000;

/**
 * Holds the spans of unsampled traces for as long as they fit, and exports those of a trace whose request turned out to
 * matter (retroactive sampling, as in Hindsight, NSDI 2023).
 */
export class FlightRecorder {
  readonly slowThresholds: SlowThresholds;
  readonly #options: FlightRecorderOptions;
  readonly #kept = new KeptTraces({ maximum: maximumKeptTraces, lifetimeMs: keptForMs });
  readonly #counters: ReturnType<typeof countersOf>;
  readonly #unsubscribe: (() => void) | undefined;
  /** Made when the first span needs it: a process that samples everything does without. */
  #ring: SpanRing | undefined;

  constructor(options: FlightRecorderOptions) {
    this.#options = options;
    this.slowThresholds = slowThresholds(options.contract);
    this.#counters = countersOf(options.metrics);
    this.#unsubscribe = options.bus?.subscribe(({ traceId, reason }) =>
      this.keep(traceId, reason, 'announcement'),
    );
  }

  /** Takes every span that ends: to the exporter when its trace is sampled or kept, else into the ring. */
  end(span: EndedSpan): void {
    if (span.localRoot) this.#judge(span);
    if (span.sampled || this.#kept.reasonOf(span.traceId) !== undefined) this.#options.export(span);
    else this.#record(span);
  }

  /**
   * Keeps a trace: exports what the ring holds of it and what ends within the next minute. A verdict of this process is
   * announced to the others; what came from them is not told again.
   */
  keep(traceId: string, reason: KeepReason, source: KeepSource): void {
    if (this.#kept.reasonOf(traceId) !== undefined) return;
    this.#kept.add(traceId, reason);
    this.#options.metrics.exemplars.keep(traceId);
    const taken = this.#ring?.take(traceId);
    for (const span of taken?.spans ?? []) this.#options.export(recoverSpan(span, reason));
    if (taken?.truncated === true) this.#counters.dropped.increment({ reason: 'trace_limit' });
    if (source === 'local') this.#options.bus?.announce(traceId, reason);
    if (source === 'announcement' && (taken?.spans.length ?? 0) === 0) return;
    this.#counters.kept.increment({ reason: reasonLabel(reason), source });
  }

  /** Marks a trace by hand. One that is sampled is exported anyway and only gets the attribute. */
  mark({ traceId, sampled }: { traceId: string; sampled: boolean }, reason: KeepReason): void {
    if (!sampled) this.keep(traceId, reason, 'local');
    else if (this.#kept.reasonOf(traceId) === undefined) this.#kept.add(traceId, reason);
  }

  /**
   * A service that was called says in its answer that it keeps the trace of this span. One that is sampled only gets the
   * attribute, here as there.
   */
  hear({ traceId, sampled }: { traceId: string; sampled: boolean }, reason: KeepReason): void {
    if (!sampled) this.keep(traceId, reason, 'response');
    else if (this.#kept.reasonOf(traceId) === undefined) this.#kept.add(traceId, reason);
  }

  /** Why the trace is kept, as far as is known by now. */
  reasonOf(traceId: string): KeepReason | undefined {
    return this.#kept.reasonOf(traceId);
  }

  /** Hears no more announcements, and closes the bus. */
  async stop(timeoutMs: number): Promise<void> {
    this.#unsubscribe?.();
    await this.#options.bus?.close(timeoutMs);
  }

  #judge(span: EndedSpan): void {
    const reason = this.#kept.reasonOf(span.traceId) ?? verdictOf(span, this.slowThresholds);
    if (reason === undefined) return;
    (span.attributes as Record<string, AttributeValue>)[keepReasonAttribute] = reason;
    if (!span.sampled) this.keep(span.traceId, reason, 'local');
  }

  #record(span: EndedSpan): void {
    this.#ring ??= new SpanRing(this.#options.bytes, {
      onEvicted: (count) => this.#counters.evicted.increment(count),
    });
    if (this.#ring.add(encodeSpan(span), span)) this.#counters.recorded.increment();
    else this.#counters.dropped.increment({ reason: 'oversize' });
  }
}

function countersOf(metrics: MetricRegistry<IbexContract>) {
  return {
    recorded: metrics.counter('ibex_telemetry_flight_recorded_total').bind({}),
    evicted: metrics.counter('ibex_telemetry_flight_evicted_total').bind({}),
    dropped: metrics.counter('ibex_telemetry_flight_dropped_total'),
    kept: metrics.counter('ibex_telemetry_kept_traces_total'),
  };
}
