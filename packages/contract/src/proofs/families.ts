import type { ContractFinding } from '../errors.ts';
import type { ContractDefinition, MetricDefinition } from '../model.ts';

/** What OpenMetrics adds to the name of a family to name its samples. */
const sampleSuffixes = {
  counter: ['_total', '_created'],
  gauge: [''],
  histogram: ['_bucket', '_sum', '_count', '_created'],
} as const;

/**
 * OpenMetrics names a counter's family without `_total`: no family may be called like another, nor a sample of one like
 * another or its samples. And exemplars stand on counters and buckets only.
 */
export function proveFamilies(contract: ContractDefinition): ContractFinding[] {
  const owners = new Map<string, string>();
  return Object.entries(contract.metrics).flatMap(([name, metric]) => {
    const taken = namesOf(name, metric).find((own) => owners.has(own));
    for (const own of namesOf(name, metric)) if (!owners.has(own)) owners.set(own, name);
    return [
      ...(taken === undefined ? [] : [clash(name, { taken, owner: owners.get(taken) ?? '' })]),
      ...proveExemplars(name, metric),
    ];
  });
}

/** The family and its samples, as they are called in OpenMetrics. */
function namesOf(name: string, { type }: MetricDefinition): readonly string[] {
  const family = type === 'counter' ? name.replace(/_total$/, '') : name;
  return [...new Set([family, ...sampleSuffixes[type].map((suffix) => `${family}${suffix}`)])];
}

function clash(name: string, { taken, owner }: { taken: string; owner: string }): ContractFinding {
  return {
    entry: `metrics.${name}`,
    rule: `its family and samples in OpenMetrics are called like those of no other metric, here ${owner}`,
    value: `"${taken}"`,
  };
}

function proveExemplars(name: string, { type, exemplars }: MetricDefinition): ContractFinding[] {
  if (exemplars !== true || type !== 'gauge') return [];
  return [
    {
      entry: `metrics.${name}.exemplars`,
      rule: 'only counters and histograms have exemplars',
      value: 'true',
    },
  ];
}
