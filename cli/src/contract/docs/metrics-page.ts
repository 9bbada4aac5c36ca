import {
  type ContractDefinition,
  type LabelValues,
  type MetricDefinition,
  worstCaseSeries,
} from '@ibex/contract';
import { code, codes, table } from './markdown.ts';

/** Every metric: an overview, then each with its labels, their values, and the series it can have at worst. */
export function metricsSection(contract: ContractDefinition): string {
  const metrics = Object.entries(contract.metrics);
  const rows = metrics.map(([name, { type, unit, services }]) => [
    `[${code(name)}](#${name})`,
    type,
    unit,
    services.join(', '),
  ]);
  return [
    '## Metrics\n',
    'A value outside its set becomes `other`, counted in `ibex_contract_violations_total`. The worst case counts every',
    'combination of values, `other` included; a histogram has a series for each bucket, +Inf, sum and count.\n',
    table(['metric', 'type', 'unit', 'services'], rows),
    ...metrics.map(([name, metric]) => metricPart(name, metric)),
  ].join('\n');
}

function metricPart(name: string, metric: MetricDefinition): string {
  const labels = Object.entries(metric.labels);
  const parts = [
    `### ${name}\n`,
    `${metric.help.replace(/\.?$/, '.')} A ${metric.type} in ${metric.unit}.\n`,
  ];
  if (labels.length > 0) {
    parts.push(
      table(
        ['label', 'values'],
        labels.map(([label, values]) => [code(label), valuesText(values)]),
      ),
    );
  }
  if (metric.buckets !== undefined) parts.push(`Buckets: ${metric.buckets.join(', ')}.\n`);
  if (metric.exemplars === true) parts.push('Exemplars name the trace of an observation, in OpenMetrics.\n');
  const worst = metric.services.map((service) => `${service} ${thousands(worstCaseSeries(metric, service))}`);
  parts.push(`Series at worst: ${worst.join(', ')}.\n`);
  for (const [rule, reason] of Object.entries(metric.lintExceptions ?? {})) {
    parts.push(`Exception to the rule \`${rule}\`: ${reason}\n`);
  }
  return parts.join('\n');
}

function valuesText(values: LabelValues): string {
  if ('configured' in values) return `configured: ${values.configured}, at most ${values.limit}`;
  if (!('perService' in values)) return codes(values);
  return Object.entries(values.perService)
    .map(([service, own]) => `${service}: ${codes(own)}`)
    .join('<br>');
}

/** The worst case of each service against its budget. */
export function budgetSection({ services, metrics, budget }: ContractDefinition): string {
  const rows = services.map((service) => {
    const own = Object.values(metrics).filter((metric) => metric.services.includes(service));
    const series = own.reduce((sum, metric) => sum + worstCaseSeries(metric, service), 0);
    return [service, String(own.length), thousands(series), thousands(budget.perService)];
  });
  return [
    '## Series budget\n',
    `No metric has more than ${thousands(budget.perMetric)} series in one process, whatever values arrive.\n`,
    table(['service', 'metrics', 'series at worst', 'budget'], rows),
  ].join('\n');
}

function thousands(count: number): string {
  return count.toLocaleString('en-GB');
}
