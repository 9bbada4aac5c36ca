import type { MetricDefinition } from '@ibex/contract';
import { diffLabels } from './labels.ts';
import { breaking, compareKeys, compatible, type RawChange, type Subject, without } from './model.ts';

type Metrics = Readonly<Record<string, MetricDefinition>>;

/** Metrics that came, went, were renamed or changed. */
export function diffMetrics(old: Metrics, now: Metrics): RawChange[] {
  const { kept, removed, added } = compareKeys(old, now);
  const renamed = new Map<string, string>();
  for (const name of removed) {
    const successor = added.find((other) => !takenBy(renamed, other) && isSame(old[name], now[other]));
    if (successor !== undefined) renamed.set(name, successor);
  }
  return [
    ...removed.map((name) => removal(name, renamed.get(name))),
    ...added.filter((name) => !takenBy(renamed, name)).map(addition),
    ...kept.flatMap((name) => {
      const [before, after] = [old[name], now[name]];
      return before === undefined || after === undefined ? [] : diffMetric(name, before, after);
    }),
  ];
}

function takenBy(renamed: ReadonlyMap<string, string>, name: string): boolean {
  return [...renamed.values()].includes(name);
}

/** Equal but for the name: then it was renamed. */
function isSame(before: MetricDefinition | undefined, after: MetricDefinition | undefined): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

function metric(name: string): Subject {
  return { name, kind: 'metric' };
}

function removal(name: string, successor: string | undefined): RawChange {
  const message =
    successor === undefined
      ? 'removed: every query of it comes back empty.'
      : `renamed to ${successor}: every query of the old name comes back empty.`;
  return breaking(`metrics.${name}`, metric(name), message);
}

function addition(name: string): RawChange {
  return compatible(`metrics.${name}`, metric(name), 'added.');
}

function diffMetric(name: string, before: MetricDefinition, after: MetricDefinition): RawChange[] {
  const entry = `metrics.${name}`;
  const changes: RawChange[] = [];
  if (before.type !== after.type) {
    const message = `type ${before.type} became ${after.type}: functions such as rate and histogram_quantile no longer fit.`;
    changes.push(breaking(`${entry}.type`, metric(name), message));
  }
  if (before.unit !== after.unit) {
    const message = `unit ${before.unit} became ${after.unit}: thresholds and axes mean something else.`;
    changes.push(breaking(`${entry}.unit`, metric(name), message));
  }
  if (before.help !== after.help) {
    changes.push(compatible(`${entry}.help`, metric(name), 'its help text changed.'));
  }
  return [
    ...changes,
    ...diffBuckets(name, before.buckets ?? [], after.buckets ?? []),
    ...diffLabels(name, before, after),
    ...diffServices(name, before, after),
  ];
}

function diffBuckets(name: string, before: readonly number[], after: readonly number[]): RawChange[] {
  const entry = `metrics.${name}.buckets`;
  const gone = without(before, after).map((bound) =>
    breaking(
      entry,
      { ...metric(name), detail: String(bound) },
      `the bucket ${bound} was removed: queries of le="${bound}" come back empty, quantiles get coarser.`,
    ),
  );
  const come = without(after, before);
  if (come.length === 0) return gone;
  const message = `the buckets ${come.join(', ')} were added: while old and new processes run side by side, sums by le are off.`;
  return [...gone, compatible(entry, metric(name), message)];
}

function diffServices(name: string, before: MetricDefinition, after: MetricDefinition): RawChange[] {
  const entry = `metrics.${name}.services`;
  return [
    ...without(before.services, after.services).map((service) =>
      breaking(entry, metric(name), `${service} no longer moves it.`),
    ),
    ...without(after.services, before.services).map((service) =>
      compatible(entry, metric(name), `${service} moves it, too.`),
    ),
  ];
}
