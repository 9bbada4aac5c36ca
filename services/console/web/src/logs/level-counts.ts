import type { ChartSeries } from '../ui/chart/chart-data.ts';
import type { LogVolume } from './log-queries.ts';
import { type LogLevel, logLevels } from './log-search.ts';

/** One layer of bars per level that has lines, the least severe at the bottom. */
export function levelSeries(volume: LogVolume): ChartSeries[] {
  return logLevels
    .filter((level) => volume.buckets.some((bucket) => (bucket.counts[level] ?? 0) > 0))
    .map((level) => ({
      label: level,
      color: `var(--level-${level.toLowerCase()})`,
      points: volume.buckets.map((bucket) => [bucket.timeUnixMs, bucket.counts[level] ?? null]),
    }));
}

/** Lines of each level over the whole range, most severe first; levels without lines are left out. */
export function levelTotals(volume: LogVolume): { level: LogLevel; count: number }[] {
  return logLevels
    .map((level) => ({
      level,
      count: volume.buckets.reduce((sum, bucket) => sum + (bucket.counts[level] ?? 0), 0),
    }))
    .filter(({ count }) => count > 0)
    .toReversed();
}
