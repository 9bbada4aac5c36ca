import type { Sink } from '../model.ts';
import { SinkOverloadedError } from '../model.ts';
import type { Encoding } from '../otlp/decode.ts';
import { decodeExport } from '../otlp/decode.ts';
import type { DecodeContext, Signal } from '../otlp/decode-context.ts';
import { MalformedOtlpError } from '../otlp/decode-error.ts';
import type { PartialSuccess } from '../otlp/export-response.ts';
import type { RpcStatus } from '../otlp/rpc-status.ts';
import { RPC_CODES } from '../otlp/rpc-status.ts';
import { DeltaToCumulative } from '../processors/delta-to-cumulative.ts';
import { splitBatch } from '../processors/split-batch.ts';
import type { ReceiverObserver, RefusalReason, Transport } from './observer.ts';

/** Bytes of requests, decompressed, that may be in work at once; what they decode to is a few times larger. */
const DEFAULT_MAX_BYTES_IN_WORK = 64 * 1024 * 1024;
/** Senders give up when told to wait for longer than their own deadline, 10 s by default. */
const RETRY_AFTER_MS = 1_000;

/** How a request ended: stored, or refused with what the sender is told. */
export type ExportOutcome =
  | { kind: 'stored'; partialSuccess: PartialSuccess }
  | { kind: 'refused'; reason: RefusalReason; status: RpcStatus };

/** Why a request is not taken. */
export interface Refusal {
  reason: RefusalReason;
  /** What the sender is told. */
  status: RpcStatus;
  /** What the operator is told, where that is more. */
  detail?: string;
}

export interface ExportRequest {
  signal: Signal;
  encoding: Encoding;
  transport: Transport;
  body: Buffer;
}

export interface IngestOptions {
  sink: Sink;
  observer: ReceiverObserver;
  maxBytesInWork?: number;
}

/** Takes decoded bodies from both OTLP receivers to the store. A request is stored only once the sink says it is durable. */
export class Ingest {
  readonly #sink: Sink;
  readonly #observer: ReceiverObserver;
  readonly #maxBytesInWork: number;
  readonly #deltas = new DeltaToCumulative();
  #bytesInWork = 0;

  constructor({ sink, observer, maxBytesInWork = DEFAULT_MAX_BYTES_IN_WORK }: IngestOptions) {
    this.#sink = sink;
    this.#observer = observer;
    this.#maxBytesInWork = maxBytesInWork;
  }

  /** Claims memory for part of a body. False when too much is in work: refuse the request as {@link overloaded}. */
  reserve(bytes: number): boolean {
    if (this.#bytesInWork + bytes > this.#maxBytesInWork) return false;
    this.#bytesInWork += bytes;
    return true;
  }

  /** Gives back what {@link reserve} claimed. */
  release(bytes: number): void {
    this.#bytesInWork -= bytes;
  }

  /** Decodes a body and stores it. Never throws: what went wrong is in the outcome. */
  async export(request: ExportRequest): Promise<ExportOutcome> {
    let context: DecodeContext;
    try {
      context = decodeExport(request.body, { ...request, receivedUnixMs: Date.now(), deltas: this.#deltas });
    } catch (error) {
      return this.refuse(request, undecoded(error));
    }
    try {
      for (const part of splitBatch(context.batch)) await this.#sink.append(part);
    } catch (error) {
      context.rollback();
      return this.refuse(request, notStored(error));
    }
    this.#account(request, context);
    return { kind: 'stored', partialSuccess: { rejected: context.rejected, message: context.message() } };
  }

  /** Notes that a request is not taken, and gives the outcome to answer with. */
  refuse(
    { signal, transport }: Pick<ExportRequest, 'signal' | 'transport'>,
    { reason, status, detail }: Refusal,
  ): ExportOutcome {
    this.#observer.refused({ signal, transport, reason, message: detail ?? status.message });
    return { kind: 'refused', reason, status };
  }

  #account({ signal, transport }: ExportRequest, context: DecodeContext): void {
    const records = context.batch.spans.length + context.batch.logs.length + context.acceptedPoints;
    if (records > 0) this.#observer.received({ signal, transport, outcome: 'accepted', records });
    if (context.rejected > 0) {
      this.#observer.received({ signal, transport, outcome: 'rejected', records: context.rejected });
    }
    for (const [reason, records] of context.rejections) this.#observer.rejected({ signal, reason, records });
    for (const [reason, count] of context.truncations) this.#observer.truncated({ signal, reason, count });
  }
}

/** Too much is in work, or the store's queue is full: the sender keeps its data and comes again. */
export function overloaded(message: string, retryAfterMs = RETRY_AFTER_MS): Refusal {
  return { reason: 'overloaded', status: { code: RPC_CODES.unavailable, message, retryAfterMs } };
}

function undecoded(error: unknown): Refusal {
  if (error instanceof MalformedOtlpError) {
    const status = { code: RPC_CODES.invalidArgument, message: error.message, badField: error.path };
    return { reason: 'malformed', status };
  }
  const message = 'the collector failed to decode the request; this is a fault of the collector';
  return { reason: 'internal', status: { code: RPC_CODES.internal, message }, detail: String(error) };
}

function notStored(error: unknown): Refusal {
  if (error instanceof SinkOverloadedError) return overloaded(error.message, error.retryAfterMs);
  const message = 'the store did not take the data; send it again';
  const status = { code: RPC_CODES.unavailable, message, retryAfterMs: RETRY_AFTER_MS };
  return { reason: 'store_failed', status, detail: String(error) };
}
