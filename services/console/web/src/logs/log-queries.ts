import { infiniteQueryOptions, keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client, type Schemas, unwrap } from '../api/client.ts';
import { stepSecondsOf, type TimeWindow } from '../time/time-range.ts';
import { logParameters } from './log-parameters.ts';
import type { LogSearch } from './log-search.ts';

export type LogRecord = Schemas['LogRecord'];
export type LogVolume = Schemas['LogVolume'];

const pageSize = 200;
const spanLineLimit = 50;

/** Matching lines, newest first, page by page. */
export function logSearchQuery(search: LogSearch, window: TimeWindow) {
  const parameters = { ...logParameters(search, window), limit: pageSize };
  return infiniteQueryOptions({
    queryKey: ['logs', parameters],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/telemetry/logs', {
          params: { query: { ...parameters, ...(pageParam === null ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}

/** Matching lines per step and level, over the whole range. */
export function logVolumeQuery(search: LogSearch, window: TimeWindow) {
  const parameters = { ...logParameters(search, window), stepSeconds: stepSecondsOf(window) };
  return queryOptions({
    queryKey: ['log-volume', parameters],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/telemetry/logs/volume', { params: { query: parameters }, signal })),
    placeholderData: keepPreviousData,
  });
}

/** The newest lines of one span. */
export function spanLogsQuery(of: { traceId: string; spanId: string; start: number; end: number }) {
  const parameters = { ...of, limit: spanLineLimit };
  return queryOptions({
    queryKey: ['span-logs', parameters],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/api/telemetry/logs', { params: { query: parameters }, signal })),
  });
}
