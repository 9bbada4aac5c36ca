import type { ValueUnit } from '../format.ts';

/** `[Unix milliseconds, value or null]`, as the API writes a point. */
export type ChartPoints = readonly (readonly (number | null)[])[];

/** One line, or one layer of bars. */
export interface ChartSeries {
  label: string;
  /** A CSS colour; a custom property follows the colour scheme. */
  color: string;
  points: ChartPoints;
}

/** Series on one common time axis, in the shape the chart library draws. */
export interface AlignedData {
  timesMs: number[];
  columns: (number | null)[][];
}

/** Puts series that may miss steps, or start late, on one sorted time axis; what is missing is null. */
export function alignSeries(series: readonly ChartSeries[]): AlignedData {
  const positions = new Map<number, number>();
  const timesMs = [...new Set(series.flatMap(({ points }) => points.map((point) => point[0] ?? 0)))].sort(
    (a, b) => a - b,
  );
  timesMs.forEach((timeMs, index) => {
    positions.set(timeMs, index);
  });
  const columns = series.map(({ points }) => {
    const column = new Array<number | null>(timesMs.length).fill(null);
    for (const [timeMs, value] of points) {
      const position = positions.get(timeMs ?? 0);
      if (position !== undefined) column[position] = value ?? null;
    }
    return column;
  });
  return { timesMs, columns };
}

/** Column sums from the first series up, so that layers drawn back to front look stacked. */
export function stackColumns(columns: readonly (number | null)[][]): (number | null)[][] {
  const sums = new Array<number>(columns[0]?.length ?? 0).fill(0);
  return columns.map((column) =>
    column.map((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
      return sums[index] === 0 ? null : (sums[index] ?? null);
    }),
  );
}

/** Positions of samples without a neighbour, which a line alone would not show. */
export function isolatedPositions(column: readonly (number | null | undefined)[]): number[] {
  const isolated: number[] = [];
  column.forEach((value, index) => {
    if (value != null && column[index - 1] == null && column[index + 1] == null) isolated.push(index);
  });
  return isolated;
}

/** The last sample of a series, or null when there is none. */
export function lastValue(points: ChartPoints): number | null {
  return points.findLast((point) => point[1] != null)?.[1] ?? null;
}

/** The upper end of a value axis: some air above the highest sample, and never an axis of height zero. */
export function axisTop(highest: number | null, unit: ValueUnit): number {
  if (highest === null || highest <= 0) return unit === 'share' ? 0.01 : 1;
  if (unit === 'share') return Math.min(1, Math.max(0.01, highest * 1.15));
  return highest * 1.12;
}

/** Whether no series has a single sample. */
export function isEmptyChart(series: readonly ChartSeries[]): boolean {
  return series.every(({ points }) => points.every((point) => point[1] == null));
}
