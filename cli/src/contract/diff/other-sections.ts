import { breaking, compareKeys, compatible, type RawChange, without } from './model.ts';

type Table = Readonly<Record<string, unknown>>;

const known: readonly string[] = [
  ...['services', 'namespaces', 'metrics', 'spans', 'resourceAttributes', 'correlationFields', 'logFields'],
  ...['sensitiveKeys', 'auditMetadataKeys', 'slos', 'retention', 'budget'],
];

/** Sections with no rule of their own: what goes or changes breaks, what comes does not. */
export function diffOtherSections(old: object, now: object): RawChange[] {
  const rest = (contract: object) =>
    Object.fromEntries(Object.entries(contract).filter(([section]) => !known.includes(section)));
  return diffTables('', rest(old), rest(now));
}

function diffTables(path: string, old: Table, now: Table): RawChange[] {
  const { kept, removed, added } = compareKeys(old, now);
  const entry = (key: string) => (path === '' ? key : `${path}.${key}`);
  const subject = (key: string) => ({ name: key, kind: 'other' as const });
  return [
    ...removed.map((key) => breaking(entry(key), subject(key), 'removed.')),
    ...added.map((key) => compatible(entry(key), subject(key), 'added.')),
    ...kept.flatMap((key) => {
      const [before, after] = [old[key], now[key]];
      if (isTable(before) && isTable(after)) return diffTables(entry(key), before, after);
      if (isList(before) && isList(after)) return diffList(entry(key), before, after);
      const [one, other] = [JSON.stringify(before), JSON.stringify(after)];
      return one === other ? [] : [breaking(entry(key), subject(key), `changed from ${one} to ${other}.`)];
    }),
  ];
}

/** Lists of names, such as routes: what goes is missed, what comes is not. */
function diffList(entry: string, old: readonly string[], now: readonly string[]): RawChange[] {
  const subject = (name: string) => ({ name, kind: 'other' as const });
  return [
    ...without(old, now).map((name) => breaking(`${entry}.${name}`, subject(name), 'removed.')),
    ...without(now, old).map((name) => compatible(`${entry}.${name}`, subject(name), 'added.')),
  ];
}

function isList(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function isTable(value: unknown): value is Table {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
