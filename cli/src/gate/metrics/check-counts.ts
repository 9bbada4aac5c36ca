import type { ProbeResult } from '../probes/run-probes.ts';
import type { MetricContext } from './context.ts';
import type { Exposition } from './exposition.ts';

const requestsMetric = 'http_requests_total';
const violationsMetric = 'ibex_contract_violations_total';

/** What was counted before the probes; undefined for a service that has just been started. */
export type Baseline = Exposition | undefined;

interface Counted {
  readonly method: string;
  readonly path: string;
  readonly status: string;
  readonly expected: number;
  readonly counted: number;
  readonly probe: string;
}

/** Every probe is counted, and the service met nothing that is outside the contract. */
export function checkCounts(
  exposition: Exposition,
  {
    results,
    baseline,
    context,
  }: { results: readonly ProbeResult[]; baseline: Baseline; context: MetricContext },
): void {
  for (const { method, path, status, expected, counted, probe } of countProbes(
    exposition,
    results,
    baseline,
  )) {
    if (counted >= expected) continue;
    const value = `method="${method}",path="${path}",status="${status}"`;
    const message = `the series must have grown by ${expected}, for probe ${probe}: it has grown by ${counted}.`;
    const contract = context.locate(requestsMetric);
    context.findings.add('probe-counted', requestsMetric, { value, message, contract });
  }
  checkViolations(exposition, baseline, context);
}

/** True when every probe has arrived in the metrics: a request is counted only when its connection is done with it. */
export function areCounted(
  exposition: Exposition,
  results: readonly ProbeResult[],
  baseline: Baseline,
): boolean {
  return countProbes(exposition, results, baseline).every(({ expected, counted }) => counted >= expected);
}

function countProbes(
  exposition: Exposition,
  results: readonly ProbeResult[],
  baseline: Baseline,
): readonly Counted[] {
  if (!exposition.families.has(requestsMetric)) return [];
  const groups = Map.groupBy(results, ({ probe, status }) => `${probe.method} ${probe.route} ${status}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const labels = { method: first.probe.method, path: first.probe.route, status: String(first.status) };
    const counted = total(exposition, requestsMetric, labels) - total(baseline, requestsMetric, labels);
    return [{ ...labels, expected: group.length, counted, probe: first.probe.name }];
  });
}

function checkViolations(exposition: Exposition, baseline: Baseline, context: MetricContext): void {
  const { findings, locate } = context;
  for (const { labels } of exposition.families.get(violationsMetric)?.samples ?? []) {
    const own = Object.fromEntries(labels);
    const count = total(exposition, violationsMetric, own) - total(baseline, violationsMetric, own);
    if (count <= 0) continue;
    const message = `the service met ${count} values outside the contract during the probes; its log says where.`;
    const value = labels.map(([label, labelValue]) => `${label}="${labelValue}"`).join(',');
    findings.add('no-violation', violationsMetric, { value, message, contract: locate(violationsMetric) });
  }
}

function total(exposition: Baseline, name: string, wanted: Readonly<Record<string, string>>): number {
  const samples = exposition?.families.get(name)?.samples ?? [];
  return samples
    .filter((sample) => sample.name === name)
    .filter(({ labels }) => labels.every(([label, value]) => (wanted[label] ?? value) === value))
    .reduce((sum, { value }) => sum + value, 0);
}
