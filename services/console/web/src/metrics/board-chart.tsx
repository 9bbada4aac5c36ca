import { Skeleton } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import { useTime } from '../time/time-context.ts';
import { Chart } from '../ui/chart/chart.tsx';
import type { ChartSeries } from '../ui/chart/chart-data.ts';
import { type BoardPanel, panelSearch } from './board-panels.ts';
import styles from './metric-board.module.css';
import { type Metric, type MetricRange, metricRangeQuery } from './metric-queries.ts';
import { unitOf } from './metric-units.ts';
import { errorShare, requestsOnly, seriesOfRange } from './series-of-range.ts';

interface BoardChartProps {
  panel: BoardPanel;
  /** What the store knows about the panel's metric; undefined when it has never been seen. */
  metric: Metric | undefined;
}

/** One panel of the board. */
export function BoardChart({ panel, metric }: BoardChartProps): ReactElement {
  return (
    <section
      className={styles.card}
      aria-label={panel.title}
      data-testid="metric-chart"
      data-metric={panel.metric}
    >
      <header className={styles.cardHead}>
        <h3 className={styles.cardTitle}>{panel.title}</h3>
        <Link
          to="/explore/metrics"
          search={panelSearch(panel)}
          className={styles.metric}
          title={`Explore ${panel.metric}`}
        >
          {panel.metric}
        </Link>
      </header>
      {metric === undefined ? (
        <p className={styles.state}>
          No service has exposed this metric yet. It appears with the first request.
        </p>
      ) : (
        <PanelLines panel={panel} metric={metric} />
      )}
    </section>
  );
}

function PanelLines({ panel, metric }: { panel: BoardPanel; metric: Metric }): ReactElement {
  const { window, setWindow } = useTime();
  const { ranges, error } = useQueries({
    queries: (panel.quantiles ?? [undefined]).map((quantile) =>
      metricRangeQuery(
        { name: panel.metric, fn: panel.fn, quantile, by: panel.by, label: panel.label },
        window,
      ),
    ),
    combine: allOrNothing,
  });
  const series = useMemo(
    () => (ranges === undefined ? undefined : seriesOfPanel(panel, ranges)),
    [panel, ranges],
  );
  if (series === undefined && error !== undefined)
    return <p className={styles.state}>The series could not be read: {error}</p>;
  if (series === undefined) return <Skeleton height={176} radius={6} />;
  return (
    <Chart
      label={panel.title}
      series={series}
      unit={panel.shape === 'share' ? 'share' : unitOf(metric, panel.fn)}
      window={window}
      onZoom={setWindow}
      height={150}
      style={series.length === 1 ? 'area' : 'line'}
      syncKey="board"
      legend
    />
  );
}

interface PanelAnswer {
  /** The answers to all questions of the panel; undefined until the last is there. */
  ranges: MetricRange[] | undefined;
  error: string | undefined;
}

function allOrNothing(
  answers: readonly { data: MetricRange | undefined; error: Error | null }[],
): PanelAnswer {
  const ranges = answers.map((answer) => answer.data).filter((range) => range !== undefined);
  return {
    ranges: ranges.length === answers.length ? ranges : undefined,
    error: answers.find((answer) => answer.error !== null)?.error?.message,
  };
}

function seriesOfPanel(panel: BoardPanel, ranges: readonly MetricRange[]): ChartSeries[] {
  if (panel.quantiles !== undefined)
    return panel.quantiles.map((quantile, position) => ({
      label: `p${quantile * 100}`,
      color: `var(--series-${position})`,
      points: ranges[position]?.series[0]?.points ?? [],
    }));
  return ranges.flatMap((range) => {
    if (panel.shape === 'share')
      return [{ label: 'status 500 and above', color: 'var(--bad-fill)', points: errorShare(range) }];
    return seriesOfRange(panel.shape === 'requests' ? requestsOnly(range) : range, panel.title);
  });
}
