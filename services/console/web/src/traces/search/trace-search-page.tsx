import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { PageFrame } from '../../shell/page-frame.tsx';
import { ListSkeleton } from '../../ui/list-skeleton.tsx';
import { ProblemMessage } from '../../ui/problem-message.tsx';
import { StaleNotice } from '../../ui/stale-notice.tsx';
import { DurationScatter } from './duration-scatter.tsx';
import { HousekeepingNotice } from './housekeeping-notice.tsx';
import { NoTraces } from './no-traces.tsx';
import { TraceFilters } from './trace-filters.tsx';
import { TraceTable } from './trace-table.tsx';
import { useTraceResults } from './use-trace-results.ts';

const route = getRouteApi('/_app/traces');

/** Finds traces by what their spans are like. */
export function TraceSearchPage(): ReactElement {
  const search = route.useSearch();
  const { spans, hiddenCount, hasAnswer, failure, query } = useTraceResults(search);
  return (
    <PageFrame title="Traces" scroll={false}>
      <TraceFilters search={search} names={[...new Set(spans.map((span) => span.name))].slice(0, 50)} />
      <StaleNotice failure={failure} />
      {query.isPending && <ListSkeleton label="Reading traces" />}
      {query.isError && !hasAnswer && (
        <ProblemMessage
          error={query.error}
          title="Traces could not be read"
          retry={() => void query.refetch()}
        />
      )}
      {spans.length > 0 && <DurationScatter spans={spans} hasMore={query.hasNextPage} />}
      {hasAnswer && <HousekeepingNotice search={search} hiddenCount={hiddenCount} />}
      {hasAnswer && spans.length === 0 && <NoTraces search={search} />}
      {spans.length > 0 && (
        <TraceTable
          spans={spans}
          hasMore={query.hasNextPage}
          loadingMore={query.isFetchingNextPage}
          onMore={() => void query.fetchNextPage()}
        />
      )}
    </PageFrame>
  );
}
