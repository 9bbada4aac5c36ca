import 'uplot/dist/uPlot.min.css';
import { type ReactElement, useMemo, useRef, useState } from 'react';
import type uPlot from 'uplot';
import type { TimeWindow } from '../../time/time-range.ts';
import { useTimeZone } from '../../time/time-zone.ts';
import type { ValueUnit } from '../format.ts';
import styles from './chart.module.css';
import { alignSeries, type ChartSeries, isEmptyChart, stackColumns } from './chart-data.ts';
import { ChartLegend } from './chart-legend.tsx';
import type { ChartStyle } from './chart-options.ts';
import { ChartTooltip } from './chart-tooltip.tsx';
import { usePlot } from './use-plot.ts';

interface ChartProps {
  /** What the chart shows, for those who cannot see it. */
  label: string;
  series: readonly ChartSeries[];
  unit: ValueUnit;
  window: TimeWindow;
  onZoom: (window: TimeWindow) => void;
  /** Height of the drawing, in pixels. */
  height: number;
  style?: ChartStyle;
  legend?: boolean;
  /** Charts with the same key move their crosshairs together. */
  syncKey?: string;
  testId?: string;
}

interface Hover {
  index: number;
  leftPixels: number;
}

/** A chart over time: crosshair with values on hover, dragging across it chooses a range. */
export function Chart(props: ChartProps): ReactElement {
  const {
    label,
    series,
    unit,
    window,
    onZoom,
    height,
    style = 'line',
    legend = false,
    syncKey,
    testId,
  } = props;
  const host = useRef<HTMLDivElement>(null);
  const [inside, setInside] = useState(false);
  const [hover, setHover] = useState<Hover | null>(null);
  const [alone, setAlone] = useState<string | null>(null);
  const shown = useMemo(
    () => (alone === null ? series : series.filter((one) => one.label === alone)),
    [series, alone],
  );
  const aligned = useMemo(() => alignSeries(shown), [shown]);
  const data = useMemo<uPlot.AlignedData>(() => drawnData(aligned, style), [aligned, style]);
  const colors = style === 'bars' ? shown.map((one) => one.color).reverse() : shown.map((one) => one.color);
  const plot = usePlot(host, {
    look: { unit, style, colors, zone: useTimeZone(), syncKey, compact: height < 160 },
    data,
    window,
    onCursor: (index, leftPixels) => setHover(index === null ? null : { index, leftPixels }),
    onZoom,
    onInside: setInside,
  });

  return (
    <figure className={styles.figure} aria-label={label} data-testid={testId}>
      <div className={styles.canvas}>
        <div ref={host} style={{ height }} aria-hidden="true" />
        {isEmptyChart(series) && <p className={styles.empty}>No samples in this range</p>}
        {inside && hover !== null && (
          <ChartTooltip
            series={shown}
            aligned={aligned}
            index={hover.index}
            leftPixels={hover.leftPixels}
            unit={unit}
          />
        )}
      </div>
      {legend && (
        <ChartLegend
          series={series}
          unit={unit}
          alone={alone}
          onAlone={setAlone}
          onFocus={(one) => {
            const position = one === null ? -1 : shown.findIndex((candidate) => candidate.label === one);
            plot.current?.setSeries(position === -1 ? null : position + 1, { focus: position !== -1 }, false);
          }}
        />
      )}
    </figure>
  );
}

/** Bars are drawn from the highest sum down, so that each layer leaves the one below visible. */
function drawnData(aligned: ReturnType<typeof alignSeries>, style: ChartStyle): uPlot.AlignedData {
  const columns = style === 'bars' ? stackColumns(aligned.columns).reverse() : aligned.columns;
  return [aligned.timesMs, ...columns];
}
