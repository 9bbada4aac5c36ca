import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo } from 'react';
import { useTime } from '../../time/time-context.ts';
import type { TimeWindow } from '../../time/time-range.ts';
import { useLastGood } from '../../ui/use-last-good.ts';
import { hidesHousekeeping, isHousekeeping } from './housekeeping.ts';
import { type SpanSummary, spanSearchQuery } from './span-search-query.ts';
import type { TraceSearch } from './trace-search.ts';

const wantedRows = 50;
const pageLimit = 5;

/** The results of a search, and how many traces of housekeeping were left out. */
export interface TraceResults {
  spans: SpanSummary[];
  hiddenCount: number;
  /** Whether there is an answer to show, be it an older one while following the present. */
  hasAnswer: boolean;
  /** Why the answer is not a fresh one. */
  failure: Error | null;
  query: ReturnType<typeof useSpanPages>;
}

/** Reads the results; where hiding leaves few, it reads a little further by itself. */
export function useTraceResults(search: TraceSearch): TraceResults {
  const { window, live } = useTime();
  const query = useSpanPages(search, window);
  const hides = hidesHousekeeping(search);
  const { data, failure } = useLastGood(query, live);
  const found = useMemo(() => data?.pages.flatMap((page) => page.spans) ?? [], [data]);
  const spans = useMemo(
    () => (hides ? found.filter((span) => !isHousekeeping(span)) : found),
    [found, hides],
  );
  const pages = query.data?.pages.length ?? 0;
  const wantsMore = hides && spans.length < wantedRows && pages < pageLimit;
  const { hasNextPage, isFetching, fetchNextPage } = query;
  useEffect(() => {
    if (wantsMore && hasNextPage && !isFetching) void fetchNextPage();
  }, [wantsMore, hasNextPage, isFetching, fetchNextPage]);
  return { spans, hiddenCount: found.length - spans.length, hasAnswer: data !== undefined, failure, query };
}

function useSpanPages(search: TraceSearch, window: TimeWindow) {
  return useInfiniteQuery(spanSearchQuery(search, window));
}
