import type { ContractFinding } from '../errors.ts';
import type { ContractDefinition, LabelValues, MetricDefinition, SloDefinition } from '../model.ts';

/** Every objective's metric is a histogram of the catalog, its label values exist, its threshold is a bucket boundary. */
export function proveSlos(contract: ContractDefinition): ContractFinding[] {
  return Object.entries(contract.slos).flatMap(([name, slo]) => {
    const entry = `slos.${name}`;
    const metric = contract.metrics[slo.metric];
    if (metric?.type !== 'histogram' || metric.unit !== 'seconds') {
      const rule = 'an objective names a histogram of the catalog, in seconds';
      return [{ entry: `${entry}.metric`, rule, value: `"${slo.metric}"` }];
    }
    return [...proveThreshold(entry, slo, metric), ...proveSelector(entry, slo, metric)];
  });
}

function proveThreshold(entry: string, slo: SloDefinition, metric: MetricDefinition): ContractFinding[] {
  const findings: ContractFinding[] = [];
  if (!(slo.objective > 0 && slo.objective < 1)) {
    findings.push({
      entry: `${entry}.objective`,
      rule: 'an objective lies between 0 and 1',
      value: String(slo.objective),
    });
  }
  if (!metric.buckets?.includes(slo.evaluatedAtSeconds)) {
    const rule = `the threshold is a bucket boundary of ${slo.metric} (${metric.buckets?.join(', ')})`;
    findings.push({ entry: `${entry}.evaluatedAtSeconds`, rule, value: String(slo.evaluatedAtSeconds) });
  }
  if (slo.evaluatedAtSeconds > slo.thresholdSeconds) {
    const rule = `an objective is evaluated at its threshold (${slo.thresholdSeconds}) or stricter`;
    findings.push({ entry: `${entry}.evaluatedAtSeconds`, rule, value: String(slo.evaluatedAtSeconds) });
  }
  return findings;
}

function proveSelector(entry: string, slo: SloDefinition, metric: MetricDefinition): ContractFinding[] {
  return Object.entries(slo.selector).flatMap(([label, wanted]) => {
    const values = metric.labels[label];
    const labelEntry = `${entry}.selector.${label}`;
    if (values === undefined) {
      return [{ entry: labelEntry, rule: `${slo.metric} has the label`, value: `"${label}"` }];
    }
    const known = allValues(values);
    return wanted
      .filter((value) => !known.includes(value))
      .map((value) => ({
        entry: labelEntry,
        rule: `the value is in the closed set of ${slo.metric}`,
        value: `"${value}"`,
      }));
  });
}

function allValues(values: LabelValues): readonly string[] {
  if ('perService' in values) return Object.values(values.perService).flat();
  return 'configured' in values ? [] : values;
}
