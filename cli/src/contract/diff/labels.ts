import type { LabelValues, MetricDefinition } from '@ibex/contract';
import { breaking, compareKeys, compatible, type RawChange, without } from './model.ts';

/** Labels of one metric that came or went, and values of those that stayed. */
export function diffLabels(name: string, before: MetricDefinition, after: MetricDefinition): RawChange[] {
  const entry = `metrics.${name}.labels`;
  const subject = (detail: string) => ({ name, kind: 'metric' as const, detail });
  const { kept, removed, added } = compareKeys(before.labels, after.labels);
  return [
    ...removed.map((label) =>
      breaking(
        `${entry}.${label}`,
        subject(label),
        'the label was removed: selecting or grouping by it no longer works.',
      ),
    ),
    ...added.map((label) =>
      breaking(
        `${entry}.${label}`,
        subject(''),
        'the label was added: each series splits, and queries that do not sum it away see several.',
      ),
    ),
    ...kept.flatMap((label) => {
      const [old, now] = [before.labels[label], after.labels[label]];
      return old === undefined || now === undefined ? [] : diffValues({ name, label }, old, now);
    }),
  ];
}

interface Place {
  readonly name: string;
  readonly label: string;
}

function diffValues(place: Place, old: LabelValues, now: LabelValues): RawChange[] {
  if ('configured' in now) return 'configured' in old ? diffConfigured(place, old, now) : opened(place, now);
  const before = bySet(old);
  const after = bySet(now);
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((set) =>
    diffSet({ ...place, set }, before.get(set) ?? [], after.get(set) ?? []),
  );
}

/** The values of a label by service; under an empty name where all share one set. */
function bySet(values: LabelValues): Map<string, readonly string[]> {
  if ('configured' in values) return new Map();
  return 'perService' in values ? new Map(Object.entries(values.perService)) : new Map([['', values]]);
}

function entryOf({ name, label }: Place): string {
  return `metrics.${name}.labels.${label}`;
}

function diffSet(
  place: Place & { readonly set: string },
  old: readonly string[],
  now: readonly string[],
): RawChange[] {
  const where = place.set === '' ? '' : ` in ${place.set}`;
  const gone = without(old, now).map((value) =>
    breaking(
      entryOf(place),
      { name: place.name, kind: 'metric', detail: value },
      `the value "${value}" was removed${where}: what it counted is now other.`,
    ),
  );
  const come = without(now, old);
  if (come.length === 0) return gone;
  const subject = { name: place.name, kind: 'metric' as const };
  return [...gone, compatible(entryOf(place), subject, `the values ${come.join(', ')} were added${where}.`)];
}

interface Configured {
  readonly configured: string;
  readonly limit: number;
}

function diffConfigured(place: Place, old: Configured, now: Configured): RawChange[] {
  const subject = { name: place.name, kind: 'metric' as const, detail: place.label };
  if (now.limit < old.limit) {
    const message = `its limit fell from ${old.limit} to ${now.limit}: values beyond it become other.`;
    return [breaking(entryOf(place), subject, message)];
  }
  if (now.limit === old.limit && now.configured === old.configured) return [];
  const message = `its set is now ${now.configured}, at most ${now.limit}.`;
  return [compatible(entryOf(place), subject, message)];
}

function opened(place: Place, now: Configured): RawChange[] {
  const subject = { name: place.name, kind: 'metric' as const, detail: place.label };
  const message = `its closed set became the configured set ${now.configured}: none of its values is certain any more.`;
  return [breaking(entryOf(place), subject, message)];
}
