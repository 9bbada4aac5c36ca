import type { FinishedSpan } from '../traces/span.ts';

/** How an attempt to deliver a batch ended. */
export type ExportResult =
  /** `rejected` spans of it were not taken, and never will be. */
  | { readonly outcome: 'accepted'; readonly rejected?: number; readonly reason?: string }
  /** Try the same batch again, not before `retryAfterMs` when it is given. */
  | { readonly outcome: 'retry'; readonly reason: string; readonly retryAfterMs?: number }
  /** The receiver will never take it. */
  | { readonly outcome: 'refused'; readonly reason: string };

/** Delivers batches of finished spans. It never throws: what went wrong is the result. */
export interface SpanExporter {
  /** The form in which a span waits for its batch, where another one than the recorded is cheaper to hold. */
  readonly hold?: (span: FinishedSpan) => FinishedSpan;
  export(spans: readonly FinishedSpan[]): Promise<ExportResult>;
  /** Lets go of connections, and of attempts that are still under way. */
  close(): void;
}
