import type { Batch } from '../model.ts';
import { emptyBatch } from '../model.ts';
import { OTLP_LIMITS, TRUNCATION_MARK } from './limits.ts';

/** The three kinds of telemetry, as OTLP's paths name them. */
export type Signal = 'traces' | 'logs' | 'metrics';

/** Why a record was not taken. */
export type RejectionReason =
  | 'invalid_trace_id'
  | 'invalid_span_id'
  | 'invalid_time'
  | 'end_before_start'
  | 'invalid_metric'
  | 'invalid_point'
  | 'out_of_order_delta'
  | 'too_many_records';

/** Why a part of a kept record was cut. */
export type TruncationReason =
  | 'attribute_count'
  | 'attribute_length'
  | 'value_depth'
  | 'value_breadth'
  | 'values_per_request'
  | 'name_length'
  | 'message_length'
  | 'event_count'
  | 'link_count'
  | 'log_trace_context';

const REPORTED_EXAMPLES = 3;

/** One request being decoded: the batch it becomes, and the account of what did not get in. */
export class DecodeContext {
  readonly batch: Batch = emptyBatch();
  readonly rejections = new Map<RejectionReason, number>();
  readonly truncations = new Map<TruncationReason, number>();
  /** Spans, log records or data points not taken. */
  rejected = 0;
  /** Data points that became samples. */
  acceptedPoints = 0;
  /** Something the sender should know although nothing was rejected. */
  warning = '';
  /** Arrival, nanoseconds since the Unix epoch; stands in for a missing time. */
  readonly receivedUnixNano: bigint;
  #records = 0;
  #values = 0;
  readonly #examples: string[] = [];
  readonly #undos: (() => void)[] = [];

  constructor(receivedUnixMs: number) {
    this.receivedUnixNano = BigInt(Math.trunc(receivedUnixMs)) * 1_000_000n;
  }

  /** Counts one record; false when the request already carried its fill. */
  admitRecord(): boolean {
    if (this.#records >= OTLP_LIMITS.recordsPerRequest) {
      this.reject('too_many_records', `a request may carry ${OTLP_LIMITS.recordsPerRequest} records`);
      return false;
    }
    this.#records += 1;
    return true;
  }

  /** Counts one attribute value; false when the request already carried its fill. */
  admitValue(): boolean {
    if (this.#values >= OTLP_LIMITS.valuesPerRequest) {
      this.truncate('values_per_request');
      return false;
    }
    this.#values += 1;
    return true;
  }

  /** Notes a record that is not taken; `detail` says what was wrong with it. */
  reject(reason: RejectionReason, detail: string): void {
    this.rejected += 1;
    const count = this.rejections.get(reason) ?? 0;
    this.rejections.set(reason, count + 1);
    if (count === 0 && this.#examples.length < REPORTED_EXAMPLES)
      this.#examples.push(`${reason} (${detail})`);
  }

  /** Counts one data point; false when the request already carried its fill of points or of samples made from them. */
  admitPoint(): boolean {
    if (this.batch.samples.length < OTLP_LIMITS.samplesPerRequest) return this.admitRecord();
    this.reject('too_many_records', `a request may become ${OTLP_LIMITS.samplesPerRequest} samples`);
    return false;
  }

  /** Has `undo` run if the batch does not reach the store. */
  onRollback(undo: () => void): void {
    this.#undos.push(undo);
  }

  /** Takes back what decoding changed outside the batch, because the sender will send the same again. */
  rollback(): void {
    for (const undo of this.#undos.splice(0).reverse()) undo();
  }

  truncate(reason: TruncationReason): void {
    this.truncations.set(reason, (this.truncations.get(reason) ?? 0) + 1);
  }

  /** `text` within `maxLength` characters, with a mark where it was cut. */
  boundText(text: string, maxLength: number, reason: TruncationReason): string {
    if (text.length <= maxLength) return text;
    this.truncate(reason);
    return text.slice(0, maxLength).toWellFormed() + TRUNCATION_MARK;
  }

  /** What the sender is told; empty when everything was taken as it came. */
  message(): string {
    const parts: string[] = [];
    if (this.rejected > 0) parts.push(`rejected ${counts(this.rejections)}: ${this.#examples.join('; ')}`);
    if (this.truncations.size > 0) parts.push(`cut ${counts(this.truncations)}`);
    if (this.warning !== '') parts.push(this.warning);
    return parts.join('. ');
  }
}

function counts(byReason: ReadonlyMap<string, number>): string {
  return [...byReason].map(([reason, count]) => `${count} ${reason}`).join(', ');
}
