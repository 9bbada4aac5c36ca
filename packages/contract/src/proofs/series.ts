import type { ContractFinding } from '../errors.ts';
import type { ContractDefinition, LabelValues, MetricDefinition } from '../model.ts';
import { other } from '../types.ts';

/** A histogram also has a +Inf bucket, a sum and a count. */
const extraHistogramSeries = 3;

/** The values a label can take in one service, `other` not counted. */
export function valuesFor(values: LabelValues, service: string): readonly string[] {
  if ('perService' in values) return values.perService[service] ?? [];
  return 'configured' in values ? [] : values;
}

/** How many values a label can take in one service, `other` included. */
export function capacityOf(values: LabelValues, service: string): number {
  if ('configured' in values) return values.limit + 1;
  const closed = valuesFor(values, service);
  return closed.includes(other) ? closed.length : closed.length + 1;
}

/** The most series one metric can have in one process of the service: the product of its closed sets. */
export function worstCaseSeries(metric: MetricDefinition, service: string): number {
  const combinations = Object.values(metric.labels).reduce(
    (product, values) => product * capacityOf(values, service),
    1,
  );
  return metric.type === 'histogram'
    ? combinations * ((metric.buckets?.length ?? 0) + extraHistogramSeries)
    : combinations;
}

/** Every metric and every service stays within the declared budget, whatever values arrive. */
export function proveSeries(contract: ContractDefinition): ContractFinding[] {
  return contract.services.flatMap((service) => {
    const counts = Object.entries(contract.metrics)
      .filter(([, metric]) => metric.services.includes(service))
      .map(([name, metric]) => ({ name, series: worstCaseSeries(metric, service) }));
    const total = counts.reduce((sum, { series }) => sum + series, 0);
    return [
      ...counts
        .filter(({ series }) => series > contract.budget.perMetric)
        .map(({ name, series }) => ({
          entry: `metrics.${name}`,
          rule: `its worst case in ${service} stays within budget.perMetric (${contract.budget.perMetric} series)`,
          value: `${series} series`,
        })),
      ...(total > contract.budget.perService
        ? [
            {
              entry: `services.${service}`,
              rule: `the worst case of all its metrics stays within budget.perService (${contract.budget.perService} series)`,
              value: `${total} series`,
            },
          ]
        : []),
    ];
  });
}
