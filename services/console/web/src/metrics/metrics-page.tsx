import { useQuery } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { PageFrame } from '../shell/page-frame.tsx';
import { ListSkeleton } from '../ui/list-skeleton.tsx';
import { ProblemMessage } from '../ui/problem-message.tsx';
import { StateMessage } from '../ui/state-message.tsx';
import { MetricBoard } from './metric-board.tsx';
import { MetricExplorer } from './metric-explorer.tsx';
import { MetricList } from './metric-list.tsx';
import { metricListQuery } from './metric-queries.ts';
import styles from './metrics-page.module.css';

const route = getRouteApi('/_app/explore/metrics');

/** Every metric, one at a time; at first the ones that a request moves. */
export function MetricsPage(): ReactElement {
  const search = route.useSearch();
  const list = useQuery(metricListQuery);
  return (
    <PageFrame title="Metrics" scroll={false}>
      {list.isPending && <ListSkeleton label="Reading the metrics" />}
      {list.isError && list.data === undefined && (
        <ProblemMessage
          error={list.error}
          title="Metrics could not be read"
          retry={() => void list.refetch()}
        />
      )}
      {list.data?.metrics.length === 0 && <NoMetrics />}
      {list.data !== undefined && list.data.metrics.length > 0 && (
        <div className={styles.columns}>
          <MetricList metrics={list.data.metrics} search={search} />
          <div className={styles.content}>
            {search.metric === undefined ? (
              <MetricBoard metrics={list.data.metrics} />
            ) : (
              <MetricExplorer
                key={search.metric}
                metric={list.data.metrics.find((metric) => metric.name === search.metric)}
                name={search.metric}
                search={search}
              />
            )}
          </div>
        </div>
      )}
    </PageFrame>
  );
}

function NoMetrics(): ReactElement {
  return (
    <StateMessage icon="metrics" title="No metrics yet">
      The collector reads the metrics of each service every few seconds. If this stays empty, the overview
      shows whether the services are up.
    </StateMessage>
  );
}
