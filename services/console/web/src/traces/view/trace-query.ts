import { queryOptions } from '@tanstack/react-query';
import { client, type Schemas, unwrap } from '../../api/client.ts';
import { ApiProblem } from '../../api/problem.ts';
import { millisOfNano } from '../../time/format-time.ts';

export type Trace = Schemas['Trace'];

const settleMs = 15_000;
const growingIntervalMs = 2000;
const lookAgainLimit = 10;

/**
 * One whole trace. Spans arrive in parcels, so a trace that has only just ended is read again until it is 15 seconds
 * old, and one that is not there yet is looked for a few more times.
 */
export function traceQuery(traceId: string) {
  return queryOptions({
    queryKey: ['trace', traceId],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/telemetry/traces/{traceId}', { params: { path: { traceId } }, signal })),
    refetchInterval: ({ state }) => {
      if (state.data !== undefined) return isSettled(state.data) ? false : growingIntervalMs;
      return isMissing(state.error) && state.errorUpdateCount < lookAgainLimit ? growingIntervalMs : false;
    },
  });
}

/** Whether an error says that the trace is not in the store. */
export function isMissing(error: Error | null): boolean {
  return error instanceof ApiProblem && error.status === 404;
}

function isSettled(trace: Trace): boolean {
  const endMs = millisOfNano(trace.startTimeUnixNano) + trace.durationNano / 1e6;
  return Date.now() - endMs > settleMs;
}
