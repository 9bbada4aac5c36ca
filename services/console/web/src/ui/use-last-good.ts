import { useState } from 'react';

interface Reading<T> {
  data: T | undefined;
  error: Error | null;
  failureReason: Error | null;
}

/**
 * What to show while reading again and again: the last good answer stays, and a failure is told beside it. Otherwise
 * (`hold` false) an answer is shown only for the question it was given to.
 */
export function useLastGood<T>(
  reading: Reading<T>,
  hold: boolean,
): { data: T | undefined; failure: Error | null } {
  const [last, setLast] = useState<T>();
  if (reading.data !== undefined && reading.data !== last) setLast(() => reading.data);
  const data = reading.data ?? (hold ? last : undefined);
  const failure = reading.error ?? reading.failureReason;
  return { data, failure: data === undefined ? null : failure };
}
