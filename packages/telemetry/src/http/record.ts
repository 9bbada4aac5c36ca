import type { IncomingMessage } from 'node:http';
import type { IbexContract, LogFieldsOf } from '@ibex/contract';
import type { RequestRecord } from '../context/scope.ts';
import type { Span } from '../traces/span.ts';

/** What a handler finds about the request it serves. */
export interface HttpRequestRecord extends RequestRecord {
  readonly span: Span;
  readonly startedAtMs: number;
  /** Whether the caller is one whose trace is continued: only such a caller is told what becomes of it. */
  readonly callerTrusted: boolean;
  /** Further fields for the line that is written when the request ends. */
  logFields: LogFieldsOf<IbexContract>;
  /** Why the request failed; set by a handler that answers an error itself. */
  error: unknown;
  /** What was thrown out of the handler, set by the adapter; it counts as the error when the answer is a 5xx. */
  thrown?: unknown;
}

const records = new WeakMap<IncomingMessage, HttpRequestRecord>();

/** Remembers the record for as long as the request lives. */
export function keepRecord(request: IncomingMessage, record: HttpRequestRecord): void {
  records.set(request, record);
}

/** The record of a request that an adapter for `node:http`, Express or Hono observes; undefined for any other. */
export function httpRecordOf(request: IncomingMessage): HttpRequestRecord | undefined {
  return records.get(request);
}
