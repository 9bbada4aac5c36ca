import type { ChartSeries } from '../ui/chart/chart-data.ts';
import { lastValue } from '../ui/chart/chart-data.ts';
import { seriesColorCount } from '../ui/series-colors.ts';
import type { MetricRange } from './metric-queries.ts';

/** Series of an answer as lines, highest last value first, named by their labels. */
export function seriesOfRange(range: MetricRange, fallback: string): ChartSeries[] {
  return range.series
    .map(({ labels, points }) => ({ label: seriesName(labels, fallback), points }))
    .sort((a, b) => (lastValue(b.points) ?? 0) - (lastValue(a.points) ?? 0) || (a.label < b.label ? -1 : 1))
    .map((series, position) => ({ ...series, color: `var(--series-${position % seriesColorCount})` }));
}

/** Labels as people read them; a single label needs no key. */
export function seriesName(labels: Readonly<Record<string, string>>, fallback: string): string {
  const entries = Object.entries(labels);
  const only = entries.length === 1 ? entries[0] : undefined;
  if (only !== undefined) return only[1] === '' ? `no ${only[0]}` : only[1];
  return entries.length === 0 ? fallback : entries.map(([key, value]) => `${key}=${value}`).join(' ');
}

const probeRoutes = new Set(['/healthz', '/readyz', '/metrics']);

/** The series without probes and scrapes, which are nobody's requests. */
export function requestsOnly(range: MetricRange): MetricRange {
  return { ...range, series: range.series.filter(({ labels }) => !probeRoutes.has(labels.route ?? '')) };
}

/** The share of the requests that failed with status 500 or above at each step, from rates by `route` and `status_code`. */
export function errorShare(range: MetricRange): [number, number | null][] {
  const totals = new Map<number, { all: number; failed: number }>();
  for (const { labels, points } of requestsOnly(range).series) {
    const failed = /^5\d\d$/.test(labels.status_code ?? '');
    for (const [timeMs, value] of points) {
      if (timeMs == null || value == null) continue;
      const total = totals.get(timeMs) ?? { all: 0, failed: 0 };
      total.all += value;
      if (failed) total.failed += value;
      totals.set(timeMs, total);
    }
  }
  return [...totals]
    .sort(([a], [b]) => a - b)
    .map(([timeMs, { all, failed }]) => [timeMs, all > 0 ? failed / all : null]);
}
