import { useInfiniteQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { PageFrame } from '../shell/page-frame.tsx';
import { useTime } from '../time/time-context.ts';
import { ListSkeleton } from '../ui/list-skeleton.tsx';
import { ProblemMessage } from '../ui/problem-message.tsx';
import { StaleNotice } from '../ui/stale-notice.tsx';
import { useLastGood } from '../ui/use-last-good.ts';
import { LogFilters } from './log-filters.tsx';
import { LogList } from './log-list.tsx';
import { logSearchQuery } from './log-queries.ts';
import { LogVolumeChart } from './log-volume-chart.tsx';
import { NoLogs } from './no-logs.tsx';

const route = getRouteApi('/_app/logs');

/** Log lines by text, level, service and the ids that connect them; live when wished. */
export function LogsPage(): ReactElement {
  const search = route.useSearch();
  const { window, live } = useTime();
  const result = useInfiniteQuery(logSearchQuery(search, window));
  const { data, failure } = useLastGood(result, live);
  const lines = data?.pages.flatMap((page) => page.logs) ?? [];
  return (
    <PageFrame title="Logs" scroll={false}>
      <LogFilters search={search} />
      <LogVolumeChart search={search} />
      <StaleNotice failure={failure} />
      {result.isPending && <ListSkeleton label="Reading logs" />}
      {result.isError && data === undefined && (
        <ProblemMessage
          error={result.error}
          title="Logs could not be read"
          retry={() => void result.refetch()}
        />
      )}
      {data !== undefined && lines.length === 0 && <NoLogs search={search} />}
      {lines.length > 0 && (
        <LogList
          lines={lines}
          open={search.log}
          live={live}
          hasMore={result.hasNextPage}
          loadingMore={result.isFetchingNextPage}
          onMore={() => void result.fetchNextPage()}
        />
      )}
    </PageFrame>
  );
}
