import type { LogFieldDefinition, SpanDefinition } from '@ibex/contract';
import { breaking, compareKeys, compatible, type RawChange, without } from './model.ts';

type Spans = Readonly<Record<string, SpanDefinition>>;
type Fields = Readonly<Record<string, LogFieldDefinition>>;

/** Spans that came, went or changed. */
export function diffSpans(old: Spans, now: Spans): RawChange[] {
  const { kept, removed, added } = compareKeys(old, now);
  return [
    ...removed.map((key) =>
      breaking(
        `spans.${key}`,
        { name: old[key]?.name ?? key, kind: 'span' },
        'removed: searches for it find nothing.',
      ),
    ),
    ...added.map((key) => compatible(`spans.${key}`, { name: key, kind: 'span' }, 'added.')),
    ...kept.flatMap((key) => {
      const [before, after] = [old[key], now[key]];
      return before === undefined || after === undefined ? [] : diffSpan(key, before, after);
    }),
  ];
}

function diffSpan(key: string, before: SpanDefinition, after: SpanDefinition): RawChange[] {
  const subject = { name: before.name, kind: 'span' as const };
  const changes: RawChange[] = [];
  for (const part of ['name', 'kind'] as const) {
    if (before[part] === after[part]) continue;
    const message = `its ${part} ${before[part]} became ${after[part]}: searches for the old one find nothing.`;
    changes.push(breaking(`spans.${key}.${part}`, subject, message));
  }
  for (const service of without(before.service, after.service)) {
    changes.push(breaking(`spans.${key}.service`, subject, `${service} no longer emits it.`));
  }
  for (const service of without(after.service, before.service)) {
    changes.push(compatible(`spans.${key}.service`, subject, `${service} emits it, too.`));
  }
  return [...changes, ...diffAttributes(key, before, after)];
}

function diffAttributes(key: string, before: SpanDefinition, after: SpanDefinition): RawChange[] {
  const old = [...before.required, ...before.optional];
  const now = [...after.required, ...after.optional];
  const subject = (name: string) => ({ name, kind: 'attribute' as const });
  const entry = (name: string) => `spans.${key}.${name}`;
  const relaxed = without(before.required, after.required).filter((name) => after.optional.includes(name));
  const tightened = without(after.required, before.required).filter((name) => before.optional.includes(name));
  return [
    ...without(old, now).map((name) =>
      breaking(entry(name), subject(name), 'the attribute was removed: searches by it find nothing.'),
    ),
    ...relaxed.map((name) =>
      breaking(entry(name), subject(name), 'the attribute is no longer required: spans may lack it.'),
    ),
    ...without(now, old).map((name) => compatible(entry(name), subject(name), 'the attribute was added.')),
    ...tightened.map((name) =>
      compatible(entry(name), subject(name), 'the attribute is required now: every span has it.'),
    ),
  ];
}

/** Log fields that came, went or changed their type. */
export function diffLogFields(old: Fields, now: Fields): RawChange[] {
  const { kept, removed, added } = compareKeys(old, now);
  const subject = (name: string) => ({ name, kind: 'field' as const });
  return [
    ...removed.map((name) =>
      breaking(`logFields.${name}`, subject(name), 'removed: searches by it find nothing.'),
    ),
    ...added.map((name) => compatible(`logFields.${name}`, subject(name), 'added.')),
    ...kept.flatMap((name) => {
      const [before, after] = [old[name], now[name]];
      const entry = `logFields.${name}`;
      if (before?.type !== after?.type) {
        const message = `its type ${before?.type} became ${after?.type}: parsers and indexes of lines break.`;
        return [breaking(`${entry}.type`, subject(name), message)];
      }
      if (before?.help === after?.help) return [];
      return [compatible(`${entry}.help`, subject(name), 'its help text changed.')];
    }),
  ];
}
