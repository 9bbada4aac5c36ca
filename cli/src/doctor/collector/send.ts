import type { OtlpSettings } from '@ibex/telemetry/config';
import { sendOverGrpc } from './send-grpc.ts';
import { sendOverHttp } from './send-http.ts';
import type { Signal } from './test-records.ts';

/** How the collector answered one test record. */
export interface SendResult {
  readonly outcome: 'accepted' | 'rejected' | 'unauthorised' | 'not_offered' | 'wrong_protocol' | 'failed';
  /** The collector's words; empty when it said nothing. */
  readonly detail: string;
  /** The `Date` header, where the transport has one, with this machine's clock around it. */
  readonly clock?: ClockReading;
}

export interface ClockReading {
  readonly date: string;
  readonly sentAtUnixMs: number;
  readonly answeredAtUnixMs: number;
}

export interface SendRequest {
  readonly otlp: OtlpSettings;
  readonly signal: Signal;
  readonly message: Buffer;
  readonly abort: AbortSignal;
}

export const sendTimeoutMs = 4_000;

/** Sends one record as the exporter would. Never throws. */
export function send(request: SendRequest): Promise<SendResult> {
  return request.otlp.protocol === 'grpc' ? sendOverGrpc(request) : sendOverHttp(request);
}

/** What a partial success says: the collector took the request, and not the record in it. */
export function readAnswer(answer: Buffer): SendResult {
  // Export…ServiceResponse: field 1 is partial_success, in it field 1 counts what was rejected, field 2 says why.
  if (answer[0] !== 0x0a) return { outcome: 'accepted', detail: '' };
  const partial = answer.subarray(2);
  const isRejected = partial[0] === 0x08 && partial[1] !== 0;
  const text = partial
    .toString('utf8')
    .replaceAll(/[^\x20-\x7e]+/g, ' ')
    .trim();
  return { outcome: isRejected ? 'rejected' : 'accepted', detail: text.slice(0, longestDetail) };
}

const longestDetail = 200;
