import type { CounterCell, GaugeCell, HistogramCell } from './cells.ts';
import type { Metric } from './metric.ts';

/** The media type of {@link renderMetrics}: Prometheus text format 0.0.4. */
export const expositionContentType = 'text/plain; version=0.0.4; charset=utf-8';

export type AnyMetric = Metric<CounterCell> | Metric<GaugeCell> | Metric<HistogramCell>;

function escapeValue(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
}

/** `a="1",b="2"`, values escaped. */
export function formatLabels(labels: readonly (readonly [string, string])[]): string {
  return labels.map(([name, value]) => `${name}="${escapeValue(value)}"`).join(',');
}

function formatValue(value: number): string {
  if (value === Number.POSITIVE_INFINITY) return '+Inf';
  if (value === Number.NEGATIVE_INFINITY) return '-Inf';
  return String(value);
}

function sample(name: string, labels: string, value: number): string {
  return labels === '' ? `${name} ${formatValue(value)}\n` : `${name}{${labels}} ${formatValue(value)}\n`;
}

function renderHistogram(name: string, prefix: string, cell: HistogramCell): string {
  const labels = prefix === '' ? '' : `${prefix},`;
  let text = '';
  let count = 0;
  for (const [index, own] of cell.counts.entries()) {
    count += own;
    const bound = cell.bounds[index];
    text += sample(`${name}_bucket`, `${labels}le="${bound === undefined ? '+Inf' : bound}"`, count);
  }
  return text + sample(`${name}_sum`, prefix, cell.sum) + sample(`${name}_count`, prefix, count);
}

/** All metrics in text format 0.0.4: help and type of each, and the series it has. */
export function renderMetrics(metrics: Iterable<AnyMetric>): string {
  let text = '';
  for (const metric of metrics) {
    const { help, type } = metric.definition;
    text += `# HELP ${metric.name} ${help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')}\n`;
    text += `# TYPE ${metric.name} ${type}\n`;
    for (const { prefix, cell } of metric.series()) {
      text +=
        'bounds' in cell
          ? renderHistogram(metric.name, prefix, cell)
          : sample(metric.name, prefix, cell.value);
    }
  }
  return text;
}
