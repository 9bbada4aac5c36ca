import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useMemo } from 'react';
import { useTime } from '../time/time-context.ts';
import { Breakable } from '../ui/breakable.tsx';
import { Chart } from '../ui/chart/chart.tsx';
import { ProblemMessage } from '../ui/problem-message.tsx';
import { ServiceTag } from '../ui/service-tag.tsx';
import { StateMessage } from '../ui/state-message.tsx';
import { MetricControls } from './metric-controls.tsx';
import styles from './metric-explorer.module.css';
import { type Metric, metricRangeQuery } from './metric-queries.ts';
import type { MetricFunction, MetricSearch } from './metric-search.ts';
import { functionsOf, unitOf } from './metric-units.ts';
import { seriesOfRange } from './series-of-range.ts';

interface MetricExplorerProps {
  /** Undefined when the address names a metric the store does not know. */
  metric: Metric | undefined;
  name: string;
  search: MetricSearch;
}

/** One metric: what it is, and its series as the controls ask for them. */
export function MetricExplorer({ metric, name, search }: MetricExplorerProps): ReactElement {
  if (metric === undefined)
    return (
      <StateMessage icon="metrics" title={`No metric is called ${name}`}>
        Choose one from the list. A metric without samples in the store is not in it.
      </StateMessage>
    );
  const functions = functionsOf(metric.type);
  const fn = search.fn !== undefined && functions.includes(search.fn) ? search.fn : (functions[0] ?? 'value');
  return (
    <div className={styles.explorer}>
      <header className={styles.header}>
        <h2 className={styles.name}>
          <Breakable name={metric.name} />
        </h2>
        <p className={styles.help}>{metric.help || 'Without a description'}</p>
        <ul className={styles.facts}>
          <li>{metric.type}</li>
          {metric.unit !== '' && <li>{metric.unit}</li>}
          {metric.services.map((service) => (
            <li key={service}>
              <ServiceTag name={service} />
            </li>
          ))}
        </ul>
      </header>
      <MetricControls metric={metric} search={search} fn={fn} />
      <MetricLines metric={metric} search={search} fn={fn} />
    </div>
  );
}

interface MetricLinesProps {
  metric: Metric;
  search: MetricSearch;
  fn: MetricFunction;
}

function MetricLines({ metric, search, fn }: MetricLinesProps): ReactElement {
  const { window, setWindow } = useTime();
  const range = useQuery(
    metricRangeQuery(
      {
        name: metric.name,
        fn,
        quantile: Number(search.q ?? '0.95'),
        by: search.by === undefined ? undefined : [search.by],
        label: search.label,
      },
      window,
    ),
  );
  const series = useMemo(
    () =>
      range.data === undefined
        ? []
        : seriesOfRange(
            range.data,
            fn === 'quantile' ? `p${Number(search.q ?? '0.95') * 100}` : 'all series',
          ),
    [range.data, fn, search.q],
  );
  if (range.isPending) return <Skeleton height={360} radius={8} />;
  if (range.isError && range.data === undefined)
    return (
      <ProblemMessage
        error={range.error}
        title="The series could not be read"
        retry={() => void range.refetch()}
      />
    );
  return (
    <div className={styles.chart} data-testid="metric-chart" data-metric={metric.name}>
      <Chart
        label={`${metric.name}, ${fn}`}
        series={series}
        unit={unitOf(metric, fn)}
        window={window}
        onZoom={setWindow}
        height={340}
        style={series.length === 1 ? 'area' : 'line'}
        legend
      />
      {range.data?.truncated && (
        <p className={styles.truncated}>
          More than 100 series matched; 100 are shown. Filter by a label to see the others.
        </p>
      )}
    </div>
  );
}
