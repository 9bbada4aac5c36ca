import { useQuery } from '@tanstack/react-query';
import { type ReactElement, useMemo } from 'react';
import { useTime } from '../time/time-context.ts';
import { Chart } from '../ui/chart/chart.tsx';
import { formatCount } from '../ui/format.ts';
import { usePatchSearch } from '../ui/use-patch-search.ts';
import { levelSeries, levelTotals } from './level-counts.ts';
import { LevelTag } from './level-tag.tsx';
import { logVolumeQuery } from './log-queries.ts';
import type { LogSearch } from './log-search.ts';
import styles from './log-volume-chart.module.css';

/** How many lines of which level, over the range; dragging chooses a shorter one, a level narrows to it. */
export function LogVolumeChart({ search }: { search: LogSearch }): ReactElement {
  const { window, setWindow } = useTime();
  const volume = useQuery(logVolumeQuery(search, window));
  const patch = usePatchSearch<LogSearch>();
  const series = useMemo(() => (volume.data === undefined ? [] : levelSeries(volume.data)), [volume.data]);
  const totals = useMemo(() => (volume.data === undefined ? [] : levelTotals(volume.data)), [volume.data]);
  const lines = totals.reduce((sum, { count }) => sum + count, 0);
  return (
    <div className={styles.volume}>
      <div className={styles.totals} role="status">
        <strong className="numeric">
          {formatCount(lines)} {lines === 1 ? 'line' : 'lines'}
        </strong>
        {totals.map(({ level, count }) => (
          <button
            key={level}
            type="button"
            className={styles.total}
            aria-pressed={search.level === level}
            title={`Show ${level} and above`}
            onClick={() => patch({ level: search.level === level ? undefined : level })}
          >
            <span className={styles.swatch} style={{ background: `var(--level-${level.toLowerCase()})` }} />
            <LevelTag level={level} />
            <span className="numeric">{formatCount(count)}</span>
          </button>
        ))}
        {volume.isError && (
          <span className={styles.failed}>The volume could not be read: {volume.error.message}</span>
        )}
      </div>
      <Chart
        label={`${lines} log lines by level over the range`}
        series={series}
        unit="count"
        window={window}
        onZoom={setWindow}
        height={84}
        style="bars"
        testId="log-volume-chart"
      />
    </div>
  );
}
