import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { TooManyAttempts } from '../damping/attempt-damper.ts';
import { DatabaseError } from '../database/database.ts';

/** A request that can have no answer, with the rule it breaks. */
export class RequestError extends Error {
  override readonly name = 'RequestError';
}

/** @throws {RequestError} when the rule is broken. */
export function checkRule(kept: boolean, rule: string): void {
  if (!kept) throw new RequestError(rule);
}

/** Whether the error, or what it was made of, is a database that does not answer. */
function isUnavailable(error: unknown): boolean {
  if (error instanceof DatabaseError) return error.unavailable;
  return error instanceof Error && error.cause instanceof DatabaseError && error.cause.unavailable;
}

/** With the seconds to wait in `retry-after`, as over HTTP. */
function tooManyAttempts({ message, retryAfterSeconds }: TooManyAttempts): Partial<ServiceError> {
  const metadata = new Metadata();
  metadata.set('retry-after', String(retryAfterSeconds));
  return { code: status.RESOURCE_EXHAUSTED, details: message, metadata };
}

/**
 * What a caller is told of a call that failed. Why stands in the log and the span: `INTERNAL` is for the caller of this to
 * log; a database out of reach is logged once, by its watch, not once per call.
 */
export function failureOf(error: unknown): Partial<ServiceError> {
  if (error instanceof TooManyAttempts) return tooManyAttempts(error);
  if (error instanceof RequestError) return { code: status.INVALID_ARGUMENT, details: error.message };
  return isUnavailable(error)
    ? { code: status.UNAVAILABLE, details: 'The database does not answer.' }
    : { code: status.INTERNAL, details: 'The service failed. Its log has the request id.' };
}
