import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactElement, useMemo } from 'react';
import type { Schemas } from '../api/client.ts';
import type { MetricSearch } from '../metrics/metric-search.ts';
import { searchOfWindow, type TimeWindow } from '../time/time-range.ts';
import { Chart } from '../ui/chart/chart.tsx';
import type { ValueUnit } from '../ui/format.ts';
import { Icon } from '../ui/icon.tsx';
import styles from './traffic-card.module.css';

interface TrafficCardProps {
  title: string;
  headline: string;
  caption: string;
  tone?: 'neutral' | 'bad';
  series: Schemas['TimeSeries'];
  unit: ValueUnit;
  color: string;
  window: TimeWindow;
  testId: string;
  /** What the explorer shows when the reader wants to know more. */
  metric: MetricSearch;
}

/** A total over the range, and how it came about. */
export function TrafficCard(props: TrafficCardProps): ReactElement {
  const { title, headline, caption, tone = 'neutral', series, unit, color, window, testId, metric } = props;
  const navigate = useNavigate();
  const lines = useMemo(
    () => [{ label: title, color, points: series.points }],
    [title, color, series.points],
  );
  return (
    <section className={styles.card} aria-label={title}>
      <header className={styles.header}>
        <h2 className={styles.title}>{title}</h2>
        <Link to="/explore/metrics" search={metric} className={styles.link} aria-label={`Explore ${title}`}>
          Explore <Icon name="chevronRight" size={12} />
        </Link>
      </header>
      <p className={styles.numbers}>
        <span className={styles.headline} data-tone={tone}>
          {headline}
        </span>
        <span className={styles.caption}>{caption}</span>
      </p>
      <Chart
        label={`${title} over the range: ${headline} ${caption}`}
        series={lines}
        unit={unit}
        window={window}
        onZoom={(part) =>
          void navigate({ to: '/explore/metrics', search: { ...metric, ...searchOfWindow(part) } })
        }
        height={120}
        style="area"
        syncKey="overview"
        testId={testId}
      />
    </section>
  );
}
