import type { Span } from '@ibex/telemetry/traces';
import type { CallReport, Served } from '../providers/call-report.ts';
import type { ProviderFailure } from '../providers/failure.ts';
import type { CallOutcome, CallStatus } from '../providers/failure-rules.ts';

export type CallOperation = 'generate' | 'generate_stream';

/** How a call ended: the one record that metrics, span, log line and usage ledger are made from. */
export interface CallEnd {
  readonly operation: CallOperation;
  /** `gen_ai.operation.name` */
  readonly operationName: string;
  /** Who answered, or was asked last. */
  readonly served: Served;
  readonly status: CallStatus;
  readonly outcome: CallOutcome;
  readonly durationSeconds: number;
  /** Of the request so far, what the gateway itself took: without the waits for provider, client and a place. */
  readonly overheadSeconds: number;
  /** Of a stream that the provider accepted: from then on it counts as a stream. */
  readonly streamStarted: boolean;
  /** From the request to the first chunk that carries a part of the answer. */
  readonly ttfbSeconds: number | undefined;
  /** In micro-dollars; undefined where the model has no price or nobody counted its tokens. */
  readonly costMicros: number | undefined;
  readonly failure: ProviderFailure | undefined;
  /** Where the call came from (organisation, agent, endpoint), and what is known of its answer. */
  readonly report: CallReport;
  readonly span: Span;
}

/** Takes the end of every call. It must neither wait nor throw; what takes longer it queues. */
export type CallSink = (end: CallEnd) => void;
