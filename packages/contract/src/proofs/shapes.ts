import type { ContractFinding } from '../errors.ts';
import type { ContractDefinition, LabelValues, MetricDefinition } from '../model.ts';

const wellFormedKey = /^[a-z][a-z0-9_.]*$/;

/** Buckets ascend and belong to histograms only; closed sets are neither empty nor repeat a value; owners exist. */
export function proveShapes(contract: ContractDefinition): ContractFinding[] {
  return [
    ...Object.entries(contract.metrics).flatMap(([name, metric]) => [
      ...proveBuckets(name, metric),
      ...proveOwners(contract, `metrics.${name}.services`, metric.services),
      ...Object.entries(metric.labels).flatMap(([label, values]) =>
        proveValues(`metrics.${name}.labels.${label}`, values),
      ),
    ]),
    ...Object.entries(contract.spans).flatMap(([name, span]) =>
      proveOwners(contract, `spans.${name}.service`, span.service),
    ),
    ...proveKeys('logFields', Object.keys(contract.logFields)),
    ...proveKeys('auditMetadataKeys', contract.auditMetadataKeys),
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

function proveKeys(entry: string, keys: readonly string[]): ContractFinding[] {
  return keys
    .filter((key) => !wellFormedKey.test(key))
    .map((key) => ({
      entry: `${entry}.${key}`,
      rule: 'a key is lower-case words joined by underscores or dots',
      value: `"${key}"`,
    }));
}
