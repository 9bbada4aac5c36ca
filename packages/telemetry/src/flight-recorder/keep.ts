import { currentRequest, currentSpan } from '../context/scope.ts';
import { RecordedSpan } from '../traces/recorded-span.ts';
import type { Span } from '../traces/span.ts';
import { markedReason } from './keep-reason.ts';

/**
 * Keeps the trace of the current request, also when it is not sampled: what is recorded of it already, what follows, and
 * what other services recorded. Outside of a request, or without a recorder, nothing happens.
 *
 * @param reason A short name, e.g. `stream_broken`; it becomes the attribute `ibex.keep_reason` = `marked:<reason>`, at
 * most 64 characters of it, in lower case.
 * @param span Another span of the trace that is meant. Default: that of the current request.
 *
 * @example
 * ```ts
 * if (balance < 0) keep('negative_balance');
 * ```
 */
export function keep(reason: string, span: Span | undefined = currentRequest()?.span ?? currentSpan()): void {
  if (span instanceof RecordedSpan) span.keep(markedReason(reason));
}
