import type { ContractFinding } from '../errors.ts';
import type { ContractDefinition, MetricDefinition } from '../model.ts';

/** Labels that would give a series to each entity; breakdowns by entity belong to the usage ledger. */
export const forbiddenLabels: readonly string[] = ['org_id', 'agent_id', 'user_id', 'session_id'];

const metricName = /^[a-z][a-z0-9]*(_[a-z0-9]+)+$/;
const labelName = /^[a-z][a-z0-9_]*$/;
const reservedLabels: readonly string[] = ['le', 'quantile', 'job', 'instance', 'service'];
const reservedSuffixes = /_(bucket|sum)$/;
const unitsInNames: readonly string[] = ['seconds', 'bytes'];
/** Units that are multiples or parts of a base unit, in full and as they are abbreviated. */
const scaledUnits: readonly string[] = [
  ...['nanoseconds', 'microseconds', 'milliseconds', 'minutes', 'hours', 'days', 'ns', 'us', 'ms'],
  ...['kilobytes', 'megabytes', 'gigabytes', 'kb', 'mb', 'gb', 'percent'],
];

/** Names follow `{namespace}_{noun}_{unit}`, counters end `_total`, units are base units and stand in the name. */
export function proveNaming(contract: ContractDefinition): ContractFinding[] {
  return Object.entries(contract.metrics).flatMap(([name, metric]) => [
    ...proveName(contract, name, metric),
    ...proveLabels(name, metric),
  ]);
}

function proveName(contract: ContractDefinition, name: string, metric: MetricDefinition): ContractFinding[] {
  const findings: ContractFinding[] = [];
  const finding = (rule: string, value = name) =>
    findings.push({ entry: `metrics.${name}`, rule, value: `"${value}"` });
  if (!metricName.test(name)) finding('a metric name is lower-case words joined by underscores');
  if (!contract.namespaces.some((namespace) => name.startsWith(`${namespace}_`))) {
    finding(`a metric name starts with a declared namespace (${contract.namespaces.join(', ')})`);
  }
  if ((metric.type === 'counter') !== name.endsWith('_total'))
    finding('counters end in _total, and only counters do');
  if (reservedSuffixes.test(name)) finding('a metric name does not end in _bucket or _sum');
  if (metric.help.trim() === '') finding('a metric has a help text', metric.help);
  const stem = name.replace(/_total$/, '');
  const scaled = [metric.unit, stem.slice(stem.lastIndexOf('_') + 1)].find((unit) =>
    scaledUnits.includes(unit),
  );
  if (scaled !== undefined)
    finding('a unit is a base unit: seconds, bytes, a ratio, or what is counted', scaled);
  for (const unit of unitsInNames) {
    if ((metric.unit === unit) !== stem.endsWith(`_${unit}`)) {
      finding(
        `a metric in ${unit} ends in _${unit} (before _total), and no other does`,
        `${name} in ${metric.unit}`,
      );
    }
  }
  return findings;
}

function proveLabels(name: string, metric: MetricDefinition): ContractFinding[] {
  const isService = name === 'ibex_process_up';
  return Object.keys(metric.labels).flatMap((label) => {
    const finding = (rule: string) => [
      { entry: `metrics.${name}.labels.${label}`, rule, value: `"${label}"` },
    ];
    if (forbiddenLabels.includes(label)) return finding(`a label is none of ${forbiddenLabels.join(', ')}`);
    if (!labelName.test(label)) return finding('a label name is lower-case words joined by underscores');
    if (reservedLabels.includes(label) && !isService)
      return finding(`a label is none of ${reservedLabels.join(', ')}`);
    return [];
  });
}
