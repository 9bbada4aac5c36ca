import uPlot from 'uplot';
import { formatTick, type TimeZoneChoice } from '../../time/format-time.ts';
import { tickStepsMs } from '../../time/round-ticks.ts';
import type { TimeWindow } from '../../time/time-range.ts';
import { axisFormatterOf, type ValueUnit } from '../format.ts';
import { cssColor } from '../series-colors.ts';
import { axisTop, isolatedPositions } from './chart-data.ts';

export type ChartStyle = 'line' | 'area' | 'bars';

/** What decides how a chart is drawn; its data and size may change without drawing it anew. */
export interface ChartLook {
  unit: ValueUnit;
  style: ChartStyle;
  colors: readonly string[];
  zone: TimeZoneChoice;
  syncKey: string | undefined;
  compact: boolean;
}

/** What a chart tells and asks the component around it. */
export interface ChartBinding {
  window: () => TimeWindow;
  onCursor: (index: number | null, leftPixels: number) => void;
  onZoom: (window: TimeWindow) => void;
}

const byteSteps = Array.from({ length: 46 }, (_, power) => 2 ** power);

/** The options of the chart library for one look. */
export function chartOptions(look: ChartLook, binding: ChartBinding): uPlot.Options {
  return {
    width: 100,
    height: 100,
    ms: 1,
    ...(look.zone === 'utc' ? { tzDate: (timeMs: number) => uPlot.tzDate(new Date(timeMs), 'Etc/UTC') } : {}),
    // Half of a time with seconds stands right of the last tick.
    padding: [8, 26, 0, 0],
    legend: { show: false },
    focus: { alpha: 0.2 },
    cursor: cursorOptions(look),
    scales: {
      x: { range: () => [binding.window().startMs, binding.window().endMs] },
      y: { range: (_, lowest, highest) => [Math.min(0, lowest ?? 0), axisTop(highest, look.unit)] },
    },
    axes: axisOptions(look),
    series: [{}, ...look.colors.map((color) => seriesOptions(color, look.style))],
    hooks: {
      setCursor: [(plot) => binding.onCursor(plot.cursor.idx ?? null, plot.cursor.left ?? 0)],
      setSelect: [(plot) => reportSelection(plot, binding)],
    },
  };
}

function cursorOptions(look: ChartLook): uPlot.Cursor {
  return {
    y: false,
    points: { show: look.style !== 'bars', size: 7, width: 2 },
    drag: { x: true, y: false, setScale: false },
    ...(look.syncKey === undefined
      ? {}
      : { sync: { key: look.syncKey, setSeries: false, filters: { pub: isMovement } } }),
  };
}

/** Siblings follow the crosshair, but a part dragged out is meant for one chart. */
function isMovement(type: string): boolean {
  return type === 'mousemove' || type === 'mouseleave';
}

function axisOptions(look: ChartLook): uPlot.Axis[] {
  const common = {
    stroke: cssColor('var(--text-3)'),
    font: "11px 'Inter Variable', system-ui, sans-serif",
    grid: { stroke: cssColor('var(--border)'), width: 1 },
    ticks: { show: false },
  };
  const format = axisFormatterOf(look.unit);
  return [
    {
      ...common,
      grid: { show: false },
      size: 24,
      gap: 4,
      space: 68,
      incrs: tickStepsMs,
      values: (_, splits) => splits.map((timeMs) => formatTick(timeMs, stepOf(splits), look.zone)),
    },
    {
      ...common,
      size: look.unit === 'perMinute' ? 66 : look.compact ? 50 : 60,
      gap: 6,
      space: look.compact ? 28 : 36,
      ...(look.unit === 'bytes' || look.unit === 'bytesPerSecond' ? { incrs: byteSteps } : {}),
      values: (_, splits) => splits.map((value) => format(value)),
    },
  ];
}

function stepOf(splits: readonly number[]): number {
  const [first, second] = splits;
  return first === undefined || second === undefined ? 60_000 : second - first;
}

function seriesOptions(variable: string, style: ChartStyle): uPlot.Series {
  const color = cssColor(variable);
  if (style === 'bars') {
    const paths = uPlot.paths.bars?.({ size: [0.86, 60], align: 1 });
    return { fill: color, stroke: color, width: 0, points: { show: false }, ...(paths ? { paths } : {}) };
  }
  return {
    stroke: color,
    width: 1.5,
    ...(style === 'area' ? { fill: `${color}1f` } : {}),
    points: {
      show: true,
      size: 4,
      width: 0,
      fill: color,
      filter: (plot, seriesIndex) => isolatedPositions([...(plot.data[seriesIndex] ?? [])]),
    },
  };
}

function reportSelection(plot: uPlot, binding: ChartBinding): void {
  const { left, width } = plot.select;
  if (width < 4) return;
  const startMs = plot.posToVal(left, 'x');
  const endMs = plot.posToVal(left + width, 'x');
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
  if (endMs - startMs >= 1000) binding.onZoom({ startMs, endMs });
}
