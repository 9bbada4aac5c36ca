import { infiniteQueryOptions, keepPreviousData } from '@tanstack/react-query';
import { client, type Schemas, unwrap } from '../../api/client.ts';
import type { TimeWindow } from '../../time/time-range.ts';
import { spanParameters } from './span-parameters.ts';
import type { TraceSearch } from './trace-search.ts';

export type SpanSummary = Schemas['SpanSummary'];

/** Matching spans, newest first, page by page. */
export function spanSearchQuery(search: TraceSearch, window: TimeWindow) {
  const parameters = spanParameters(search, window);
  return infiniteQueryOptions({
    queryKey: ['spans', parameters],
    queryFn: ({ pageParam, signal }) =>
      unwrap(
        client.GET('/api/telemetry/spans', {
          params: { query: { ...parameters, ...(pageParam === null ? {} : { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
}
