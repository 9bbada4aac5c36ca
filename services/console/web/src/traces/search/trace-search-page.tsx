import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { PageFrame } from '../../shell/page-frame.tsx';
import { useTime } from '../../time/time-context.ts';
import { ListSkeleton } from '../../ui/list-skeleton.tsx';
import { ProblemMessage } from '../../ui/problem-message.tsx';
import { DurationScatter } from './duration-scatter.tsx';
import { NoTraces } from './no-traces.tsx';
import { spanSearchQuery } from './span-search-query.ts';
import { TraceFilters } from './trace-filters.tsx';
import { TraceTable } from './trace-table.tsx';

const route = getRouteApi('/_app/traces');

/** Finds traces by what their spans are like. */
export function TraceSearchPage(): ReactElement {
  const search = route.useSearch();
  const { window } = useTime();
  const result = useInfiniteQuery(spanSearchQuery(search, window));
  const spans = result.data?.pages.flatMap((page) => page.spans) ?? [];
  return (
    <PageFrame title="Traces" scroll={false}>
      <TraceFilters search={search} names={[...new Set(spans.map((span) => span.name))].slice(0, 50)} />
      {result.isPending && <ListSkeleton label="Reading traces" />}
      {result.isError && spans.length === 0 && (
        <ProblemMessage
          error={result.error}
          title="Traces could not be read"
          retry={() => void result.refetch()}
        />
      )}
      {result.isSuccess && spans.length === 0 && <NoTraces search={search} />}
      {spans.length > 0 && (
        <>
          <DurationScatter spans={spans} hasMore={result.hasNextPage} />
          <TraceTable
            spans={spans}
            hasMore={result.hasNextPage}
            loadingMore={result.isFetchingNextPage}
            onMore={() => void result.fetchNextPage()}
          />
        </>
      )}
    </PageFrame>
  );
}
