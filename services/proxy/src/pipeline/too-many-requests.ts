import { ApiError } from '../api-error.ts';

/** A 429 that says when to come back. */
export function tooManyRequests(message: string, waitMs: number): ApiError {
  const seconds = Math.max(1, Math.ceil(waitMs / 1000));
  return new ApiError(429, {
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
    message: `${message} Try again in ${seconds} s.`,
    headers: {
      'retry-after': String(seconds),
      'retry-after-ms': String(Math.max(1, Math.ceil(waitMs))),
      'x-should-retry': 'true',
    },
  });
}
