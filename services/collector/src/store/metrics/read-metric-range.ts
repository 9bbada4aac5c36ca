import { QueryRefusedError } from '../errors.ts';
import type { Reader } from '../reader-pool.ts';
import type { Registries } from '../registries.ts';
import type { MetricFunction, MetricRange, MetricRangeQuery, MetricRangeSeries } from '../types.ts';
import { type Bucket, bucketQuantile, parseBound } from './bucket-quantile.ts';
import { type Group, groupSeries } from './groups.ts';
import { LastOfSeries } from './last-of-series.ts';
import { MAX_GAP_MS, RateOfSeries } from './rate-of-series.ts';
import { scanSamples } from './scan-samples.ts';
import { selectSeries } from './select-series.ts';
import { type SeriesFunction, StepGrid, StepSums } from './step-grid.ts';

const MAX_SERIES = 100;
/** Steps of all result series and, for a quantile, of all their buckets: 8 bytes each. */
const MAX_CELLS = 2_000_000;

/** Computes series over a range from the samples in it. */
export async function readMetricRange(
  query: MetricRangeQuery,
  { reader, registries }: { reader: Reader; registries: Registries },
): Promise<MetricRange> {
  const { type, unit, series } = selectSeries(query, registries);
  const groups = groupSeries(series, query.by);
  const shown = groups.slice(0, MAX_SERIES);
  const computation = { query, groups: shown, reader, grid: gridOf(query) };
  const result = query.function === 'quantile' ? await quantiles(computation) : await sums(computation);
  return { type, unit, truncated: groups.length > MAX_SERIES, series: result };
}

interface Computation {
  query: MetricRangeQuery;
  groups: Group[];
  grid: StepGrid;
  reader: Reader;
}

/** `value`, `rate` and `increase`: each series by itself, then added up over its group. */
async function sums({ query, groups, grid, reader }: Computation): Promise<MetricRangeSeries[]> {
  checkCells(groups.length, grid);
  const functions = new Map<number, SeriesFunction>();
  const totals = groups.map((group) => {
    const total = new StepSums(grid.count);
    for (const { id } of group.series) {
      functions.set(id, seriesFunction(query.function, { grid, total }));
    }
    return { labels: group.labels, total };
  });
  await scanSamples({ ...scanRange(query), functions, reader });
  return totals.map(({ labels, total }) => ({
    labels,
    values: Array.from({ length: grid.count }, (_, index) => total.at(index)),
  }));
}

function seriesFunction(
  name: MetricFunction,
  { grid, total }: { grid: StepGrid; total: StepSums },
): SeriesFunction {
  if (name === 'rate') return new RateOfSeries(grid, (index, rate) => total.add(index, rate));
  if (name === 'value') return new LastOfSeries(grid, (index, value) => total.add(index, value));
  return new RateOfSeries(grid, (index, rate, coveredMs) => total.add(index, (rate * coveredMs) / 1000));
}

/** `quantile`: the rate of every bucket added up over its group, then the quantile of each step. */
async function quantiles({ query, groups, grid, reader }: Computation): Promise<MetricRangeSeries[]> {
  checkCells(
    groups.map(countBounds).reduce((sum, count) => sum + count, 0),
    grid,
  );
  const functions = new Map<number, SeriesFunction>();
  const histograms = groups.map((group) => ({
    labels: group.labels,
    buckets: bucketsOf(group, { grid, functions }),
  }));
  await scanSamples({ ...scanRange(query), functions, reader });
  return histograms.map(({ labels, buckets }) => ({
    labels,
    values: Array.from({ length: grid.count }, (_, index) => quantileAt(index, { query, buckets })),
  }));
}

function countBounds(group: Group): number {
  return new Set(group.series.map(({ labels }) => labels.le)).size;
}

type BucketSums = { upperBound: number; rates: StepSums }[];

function bucketsOf(
  group: Group,
  { grid, functions }: { grid: StepGrid; functions: Map<number, SeriesFunction> },
): BucketSums {
  const byBound = new Map<number, StepSums>();
  for (const { id, labels } of group.series) {
    const bound = parseBound(labels.le ?? '');
    if (Number.isNaN(bound)) continue;
    const rates = byBound.get(bound) ?? new StepSums(grid.count);
    byBound.set(bound, rates);
    functions.set(id, new RateOfSeries(grid, (index, value) => rates.add(index, value)));
  }
  const ordered = [...byBound].sort(([one], [other]) => one - other);
  return ordered.map(([upperBound, rates]) => ({ upperBound, rates }));
}

function quantileAt(
  index: number,
  { query, buckets }: { query: MetricRangeQuery; buckets: BucketSums },
): number | null {
  const known = buckets.flatMap(({ upperBound, rates }): Bucket[] => {
    const rate = rates.at(index);
    return rate === null ? [] : [{ upperBound, rate }];
  });
  return bucketQuantile(query.quantile, known);
}

function gridOf({ startUnixMs, endUnixMs, stepSeconds }: MetricRangeQuery): StepGrid {
  return new StepGrid({ startUnixMs, endUnixMs, stepMs: stepSeconds * 1000 });
}

/** Neighbours outside the range decide what holds at its borders. */
function scanRange({ startUnixMs, endUnixMs }: MetricRangeQuery): { fromUnixMs: number; toUnixMs: number } {
  return { fromUnixMs: startUnixMs - MAX_GAP_MS, toUnixMs: endUnixMs + MAX_GAP_MS };
}

function checkCells(rows: number, grid: StepGrid): void {
  if (rows * grid.count <= MAX_CELLS) return;
  throw new QueryRefusedError(
    `${rows} series of ${grid.count} steps are more than the ${MAX_CELLS} values one answer may need: ` +
      `ask for a larger 'stepSeconds', a shorter range or fewer labels in 'by'`,
  );
}
