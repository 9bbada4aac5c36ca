import type { ReactElement } from 'react';
import { formatTime } from '../../time/format-time.ts';
import { useTimeZone } from '../../time/time-zone.ts';
import { formatterOf, type ValueUnit } from '../format.ts';
import styles from './chart.module.css';
import type { AlignedData, ChartSeries } from './chart-data.ts';

interface ChartTooltipProps {
  series: readonly ChartSeries[];
  aligned: AlignedData;
  index: number;
  leftPixels: number;
  unit: ValueUnit;
}

const entryLimit = 10;
const axisPixels = 54;

/** The values under the crosshair, highest first. */
export function ChartTooltip({
  series,
  aligned,
  index,
  leftPixels,
  unit,
}: ChartTooltipProps): ReactElement | null {
  const zone = useTimeZone();
  const timeMs = aligned.timesMs[index];
  const entries = series
    .map((one, position) => ({ ...one, value: aligned.columns[position]?.[index] ?? null }))
    .filter((entry): entry is ChartSeries & { value: number } => entry.value !== null)
    .sort((a, b) => b.value - a.value);
  if (timeMs === undefined || entries.length === 0) return null;
  const format = formatterOf(unit);
  const place =
    leftPixels > 220
      ? { right: `calc(100% - ${leftPixels + axisPixels - 12}px)` }
      : { left: leftPixels + axisPixels + 14 };
  return (
    <div className={styles.tooltip} style={place}>
      <div className={styles.when}>{formatTime(timeMs, 'full', zone).replace(/\.\d+$/, '')}</div>
      {entries.slice(0, entryLimit).map((entry) => (
        <div key={entry.label} className={styles.entry}>
          <span className={styles.swatch} style={{ background: entry.color }} />
          <span className={styles.name}>{entry.label}</span>
          <span className={styles.value}>{format(entry.value)}</span>
        </div>
      ))}
      {entries.length > entryLimit && (
        <div className={styles.more}>and {entries.length - entryLimit} more</div>
      )}
    </div>
  );
}
