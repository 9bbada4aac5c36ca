import type { RejectionReason, Signal, TruncationReason } from '../otlp/decode-context.ts';

export type Transport = 'grpc' | 'http';

/** What became of records that reached a receiver. */
export type ReceivedOutcome = 'accepted' | 'rejected';

/** Why a whole request was refused. */
export type RefusalReason =
  | 'malformed'
  | 'too_large'
  | 'overloaded'
  | 'store_failed'
  | 'unsupported_media_type'
  | 'unsupported_encoding'
  | 'aborted'
  | 'internal';

/** Why a scrape brought nothing. */
export type ScrapeFailure =
  | 'unreachable'
  | 'timeout'
  | 'bad_status'
  | 'bad_content_type'
  | 'too_large'
  | 'unparsable'
  | 'overloaded'
  | 'store_failed';

/** Told what receivers do, so that they know nothing of metrics and logs. Calls must return at once and never throw. */
export interface ReceiverObserver {
  received(event: { signal: Signal; transport: Transport; outcome: ReceivedOutcome; records: number }): void;
  rejected(event: { signal: Signal; reason: RejectionReason; records: number }): void;
  truncated(event: { signal: Signal; reason: TruncationReason; count: number }): void;
  refused(event: { signal: Signal; transport: Transport; reason: RefusalReason; message: string }): void;
  scraped(event: { target: string; durationSeconds: number; samples: number }): void;
  scrapeFailed(event: {
    target: string;
    durationSeconds: number;
    reason: ScrapeFailure;
    message: string;
  }): void;
}
