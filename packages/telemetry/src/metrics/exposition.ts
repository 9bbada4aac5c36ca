import type { MetricDefinition } from '@ibex/contract';
import type { CounterCell, GaugeCell, HistogramCell } from './cells.ts';
import type { CellExemplars } from './exemplars.ts';
import { type ExpositionFormat, formatBound, formatHelp, formatValue } from './format.ts';
import type { Metric, SeriesCell } from './metric.ts';

type AnyCell = CounterCell | GaugeCell | HistogramCell;
export type AnyMetric = Metric<CounterCell> | Metric<GaugeCell> | Metric<HistogramCell>;

/** What stands before a sample's value: `name{labels} `. */
function head(name: string, labels: string): string {
  return labels === '' ? `${name} ` : `${name}{${labels}} `;
}

/** The heads of a series' samples: one, or for a histogram one per bucket, then sum and count. */
function renderHeads(
  name: string,
  { prefix, cell }: SeriesCell<AnyCell>,
  format: ExpositionFormat,
): string[] {
  if (!('bounds' in cell)) return [head(name, prefix)];
  const labels = prefix === '' ? '' : `${prefix},`;
  const bounds = [...cell.bounds, Number.POSITIVE_INFINITY].map((bound) => formatBound(bound, format));
  const buckets = bounds.map((bound) => head(`${name}_bucket`, `${labels}le="${bound}"`));
  return [...buckets, head(`${name}_sum`, prefix), head(`${name}_count`, prefix)];
}

function headsOf(name: string, series: SeriesCell<AnyCell>, format: ExpositionFormat): readonly string[] {
  if (format === 'text') {
    series.heads ??= renderHeads(name, series, format);
    return series.heads;
  }
  series.openMetricsHeads ??= renderHeads(name, series, format);
  return series.openMetricsHeads;
}

/** ` # {trace_id="…",span_id="…"} 0.3 1732154400.123`, or nothing. */
function renderExemplar(exemplars: CellExemplars | undefined, bucket: number): string {
  const exemplar = exemplars?.at(bucket);
  if (exemplar === undefined) return '';
  const { traceId, spanId, value, unixMs } = exemplar;
  return ` # {trace_id="${traceId}",span_id="${spanId}"} ${formatValue(value)} ${unixMs / 1000}`;
}

function renderHistogram(heads: readonly string[], cell: HistogramCell, format: ExpositionFormat): string {
  const exemplars = format === 'openmetrics' ? cell.exemplars : undefined;
  let text = '';
  let count = 0;
  for (let index = 0; index < cell.counts.length; index++) {
    count += cell.counts[index] as number;
    text +=
      exemplars === undefined
        ? `${heads[index]}${count}\n`
        : `${heads[index]}${count}${renderExemplar(exemplars, index)}\n`;
  }
  return `${text}${heads.at(-2)}${formatValue(cell.sum)}\n${heads.at(-1)}${count}\n`;
}

function renderSeries(name: string, series: SeriesCell<AnyCell>, format: ExpositionFormat): string {
  const { cell } = series;
  const heads = headsOf(name, series, format);
  if ('bounds' in cell) return renderHistogram(heads, cell, format);
  const exemplars = format === 'openmetrics' && 'exemplars' in cell ? cell.exemplars : undefined;
  return `${heads[0]}${formatValue(cell.value)}${renderExemplar(exemplars, 0)}\n`;
}

/** Help and type as the format asks; OpenMetrics names a counter's family without `_total`, and has the unit its name ends in. */
function renderDescription(
  name: string,
  { help, type, unit }: MetricDefinition,
  format: ExpositionFormat,
): string {
  if (format === 'text') return `# HELP ${name} ${formatHelp(help, format)}\n# TYPE ${name} ${type}\n`;
  const family = type === 'counter' ? name.replace(/_total$/, '') : name;
  const unitLine = family.endsWith(`_${unit}`) ? `# UNIT ${family} ${unit}\n` : '';
  return `# TYPE ${family} ${type}\n${unitLine}# HELP ${family} ${formatHelp(help, format)}\n`;
}

/**
 * All metrics in one of the formats: help and type of each, and the series it has. What stands before a value never
 * changes, so it is rendered at a series' first scrape and kept. Measured with 10,000 series, bytes included: 0.6 of
 * the time of the Prometheus clients; half of what is left is laying the text out.
 *
 * OpenMetrics' `_created` lines are left out, as the clients leave them out by default: Prometheus would take each for a
 * series of its own, and `rate()` needs none.
 */
export function renderMetrics(metrics: Iterable<AnyMetric>, format: ExpositionFormat): string {
  let text = '';
  for (const metric of metrics) {
    text += renderDescription(metric.name, metric.definition, format);
    for (const series of metric.series()) text += renderSeries(metric.name, series, format);
  }
  return format === 'openmetrics' ? `${text}# EOF\n` : text;
}
