import type { ReactElement } from 'react';
import { formatterOf, type ValueUnit } from '../format.ts';
import styles from './chart.module.css';
import { type ChartSeries, lastValue } from './chart-data.ts';

interface ChartLegendProps {
  series: readonly ChartSeries[];
  unit: ValueUnit;
  /** The only series shown, when one was chosen. */
  alone: string | null;
  onAlone: (label: string | null) => void;
  onFocus: (label: string | null) => void;
}

/** Each series with its last value; pointing at one lifts it out, pressing shows it alone. */
export function ChartLegend({ series, unit, alone, onAlone, onFocus }: ChartLegendProps): ReactElement {
  const format = formatterOf(unit);
  return (
    <figcaption className={styles.legend}>
      {series.map((one) => {
        const last = lastValue(one.points);
        return (
          <button
            key={one.label}
            type="button"
            className={styles.item}
            aria-pressed={alone === one.label}
            data-dim={alone !== null && alone !== one.label}
            title={`${one.label}: show alone`}
            onClick={() => onAlone(alone === one.label ? null : one.label)}
            onMouseEnter={() => onFocus(one.label)}
            onMouseLeave={() => onFocus(null)}
          >
            <span className={styles.swatch} style={{ background: one.color }} />
            <span className={styles.name}>{one.label}</span>
            <span className={styles.value}>{last === null ? '–' : format(last)}</span>
          </button>
        );
      })}
    </figcaption>
  );
}
