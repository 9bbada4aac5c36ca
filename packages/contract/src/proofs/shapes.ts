import type { ContractFinding } from '../errors.ts';
import type { ContractDefinition, LabelValues, MetricDefinition } from '../model.ts';

const wellFormedKey = /^[a-z][a-z0-9_.]*$/;

/** Buckets ascend and belong to histograms only; closed sets are neither empty nor repeat a value; owners exist. */
export function proveShapes(contract: ContractDefinition): ContractFinding[] {
  return [
    ...Object.entries(contract.metrics).flatMap(([name, metric]) => [
      ...proveBuckets(name, metric),
      ...proveOwners(contract, `metrics.${name}.services`, metric.services),
      ...Object.entries(metric.labels).flatMap(([label, values]) => [
        ...proveValues(`metrics.${name}.labels.${label}`, values),
        ...proveEachService(contract, { entry: `metrics.${name}.labels.${label}`, metric, values }),
      ]),
    ]),
    ...proveConfiguredLimits(contract),
    ...Object.entries(contract.spans).flatMap(([name, span]) =>
      proveOwners(contract, `spans.${name}.service`, span.service),
    ),
    ...proveKeys('logFields', Object.keys(contract.logFields)),
    ...proveKeys('auditMetadataKeys', contract.auditMetadataKeys),
    ...proveRetention(contract),
  ];
}

function proveBuckets(name: string, metric: MetricDefinition): ContractFinding[] {
  const entry = `metrics.${name}.buckets`;
  const buckets = metric.buckets ?? [];
  const value = buckets.length === 0 ? 'absent' : `[${buckets.join(', ')}]`;
  if (metric.type !== 'histogram') {
    return buckets.length === 0 ? [] : [{ entry, rule: 'only a histogram has buckets', value }];
  }
  if (buckets.length === 0) return [{ entry, rule: 'a histogram has buckets', value }];
  const ascending = buckets.every(
    (bound, index) => Number.isFinite(bound) && bound > (buckets[index - 1] ?? Number.NEGATIVE_INFINITY),
  );
  return ascending ? [] : [{ entry, rule: 'bucket bounds are finite and ascend', value }];
}

function proveOwners(
  contract: ContractDefinition,
  entry: string,
  owners: readonly string[],
): ContractFinding[] {
  return owners
    .filter((owner) => !contract.services.includes(owner))
    .map((owner) => ({
      entry,
      rule: `a service is one of ${contract.services.join(', ')}`,
      value: `"${owner}"`,
    }));
}

function proveValues(entry: string, values: LabelValues): ContractFinding[] {
  if ('configured' in values) {
    const valid = Number.isInteger(values.limit) && values.limit > 0;
    return valid ? [] : [{ entry, rule: 'limit is a positive integer', value: String(values.limit) }];
  }
  if ('perService' in values) {
    return Object.entries(values.perService).flatMap(([service, own]) =>
      proveValues(`${entry}.perService.${service}`, own),
    );
  }
  const repeated = values.find((value, index) => values.indexOf(value) !== index);
  if (repeated !== undefined)
    return [{ entry, rule: 'a closed set names each value once', value: `"${repeated}" twice` }];
  return values.length > 0 ? [] : [{ entry, rule: 'a closed set has at least one value', value: 'empty' }];
}

/** A service without a set of its own would fold every value of the label. */
function proveEachService(
  contract: ContractDefinition,
  { entry, metric, values }: { entry: string; metric: MetricDefinition; values: LabelValues },
): ContractFinding[] {
  if (!('perService' in values)) return [];
  const named = Object.keys(values.perService);
  return [
    ...proveOwners(contract, `${entry}.perService`, named),
    ...metric.services
      .filter((service) => !named.includes(service))
      .map((service) => ({
        entry: `${entry}.perService`,
        rule: 'every service that moves the metric has a set',
        value: `none for "${service}"`,
      })),
  ];
}

/** Labels that share a configured set share its limit: the set has one size. */
function proveConfiguredLimits(contract: ContractDefinition): ContractFinding[] {
  const limits = new Map<string, number>();
  return Object.entries(contract.metrics).flatMap(([name, metric]) =>
    Object.entries(metric.labels).flatMap(([label, values]) => {
      if (!('configured' in values)) return [];
      const limit = limits.get(values.configured) ?? values.limit;
      limits.set(values.configured, limit);
      if (limit === values.limit) return [];
      const rule = `the configured set "${values.configured}" has one limit (${limit})`;
      return [{ entry: `metrics.${name}.labels.${label}`, rule, value: String(values.limit) }];
    }),
  );
}

function proveRetention(contract: ContractDefinition): ContractFinding[] {
  return Object.entries(contract.retention)
    .filter(([, days]) => !(Number.isInteger(days) && days > 0))
    .map(([name, days]) => ({
      entry: `retention.${name}`,
      rule: 'a retention is a whole number of days, 1 or more',
      value: String(days),
    }));
}

function proveKeys(entry: string, keys: readonly string[]): ContractFinding[] {
  return keys
    .filter((key) => !wellFormedKey.test(key))
    .map((key) => ({
      entry: `${entry}.${key}`,
      rule: 'a key is lower-case words joined by underscores or dots',
      value: `"${key}"`,
    }));
}
