import type { ContractDefinition } from '@ibex/contract';
import { breaking, compatible, type RawChange, type Subject, without } from './model.ts';

/** What it means when an item of a list goes. */
const lists = {
  services: ['other', 'the service was removed: everything of it comes back empty.'],
  namespaces: ['other', 'the prefix was removed: contracts that extend this one may rely on it.'],
  resourceAttributes: ['attribute', 'the resource attribute was removed: searches by it find nothing.'],
  correlationFields: ['field', 'the field no longer correlates lines across services.'],
  sensitiveKeys: ['field', 'the key is no longer sensitive: its values leave the process as they are.'],
  auditMetadataKeys: [
    'field',
    'the key is no longer allowed: entries with it are rejected, and so are their mutations.',
  ],
} as const satisfies Partial<Record<keyof ContractDefinition, readonly [Subject['kind'], string]>>;

type ListName = keyof typeof lists;

/** Lists of names: an item that goes breaks who relies on it. */
export function diffLists(old: ContractDefinition, now: ContractDefinition): RawChange[] {
  return (Object.keys(lists) as ListName[]).flatMap((list) => {
    const [kind, consequence] = lists[list];
    const [before, after] = [old[list] ?? [], now[list] ?? []];
    return [
      ...without<string>(before, after).map((name) =>
        breaking(`${list}.${name}`, { name, kind }, consequence),
      ),
      ...without<string>(after, before).map((name) => addition(list, { name, kind }, now)),
    ];
  });
}

function addition(list: ListName, subject: Subject, { logFields, spans }: ContractDefinition): RawChange {
  const entry = `${list}.${subject.name}`;
  if (list !== 'sensitiveKeys') return compatible(entry, subject, 'added.');
  const attributes = Object.values(spans).flatMap(({ required, optional }) => [...required, ...optional]);
  const isRead = Object.hasOwn(logFields, subject.name) || attributes.includes(subject.name);
  const message = 'the key is sensitive now: its values become [REDACTED].';
  return isRead
    ? breaking(entry, subject, `${message} A log field or attribute of that name can no longer be read.`)
    : compatible(entry, subject, message);
}
