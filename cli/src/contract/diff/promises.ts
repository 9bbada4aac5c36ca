import type { Retention, SloDefinition } from '@ibex/contract';
import { breaking, compareKeys, compatible, type RawChange } from './model.ts';

type Slos = Readonly<Record<string, SloDefinition>>;

const objectiveParts = {
  metric: 'is measured by another metric',
  selector: 'is restricted to other label values',
  objective: 'asks for another share',
  thresholdSeconds: 'has another threshold',
  evaluatedAtSeconds: 'is evaluated at another bucket',
} as const;

/** Objectives that came, went or mean something else. */
export function diffSlos(old: Slos, now: Slos): RawChange[] {
  const { kept, removed, added } = compareKeys(old, now);
  const subject = (name: string) => ({ name, kind: 'objective' as const });
  return [
    ...removed.map((name) =>
      breaking(`slos.${name}`, subject(name), 'removed: its alerts and its error budget vanish.'),
    ),
    ...added.map((name) => compatible(`slos.${name}`, subject(name), 'added.')),
    ...kept.flatMap((name) => {
      const [before, after] = [old[name], now[name]];
      return before === undefined || after === undefined ? [] : diffSlo(name, before, after);
    }),
  ];
}

function diffSlo(name: string, before: SloDefinition, after: SloDefinition): RawChange[] {
  const subject = { name, kind: 'objective' as const };
  const parts = Object.entries(objectiveParts) as [keyof typeof objectiveParts, string][];
  const changes = parts
    .filter(([part]) => JSON.stringify(before[part]) !== JSON.stringify(after[part]))
    .map(([part, what]) => {
      const values = `${JSON.stringify(before[part])} became ${JSON.stringify(after[part])}`;
      return breaking(`slos.${name}.${part}`, subject, `the objective ${what}: ${values}.`);
    });
  if (before.surface === after.surface) return changes;
  return [...changes, compatible(`slos.${name}.surface`, subject, `is called ${after.surface} now.`)];
}

/** Telemetry that is kept for a shorter or longer time. */
export function diffRetention(old: Retention, now: Retention): RawChange[] {
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])] as (keyof Retention)[];
  return keys.flatMap((key) => {
    const [before = 0, after = 0] = [old[key], now[key]];
    const subject = { name: key, kind: 'other' as const };
    const entry = `retention.${key}`;
    if (after < before) {
      const message = `shortened from ${before} to ${after} days: what is older is deleted, and longer ranges come back empty.`;
      return [breaking(entry, subject, message)];
    }
    return after > before ? [compatible(entry, subject, `lengthened from ${before} to ${after} days.`)] : [];
  });
}
