import type { ContractDefinition } from '@ibex/contract';
import type { Use } from './find-uses.ts';
import type { Dependent, RawChange } from './model.ts';

const mostDependents = 20;

/** Whom a change breaks: objectives of the old contract, and whatever uses it in the files that were read. */
export function findDependents(
  change: RawChange,
  old: ContractDefinition,
  uses: readonly Use[],
): Dependent[] {
  if (!change.breaking) return [];
  const { kind } = change.subject;
  const objectives = kind === 'metric' ? objectivesOf(change, old) : [];
  const inFiles =
    kind === 'other' ? [] : uses.filter((use) => isUse(use, change)).map(({ dependent }) => dependent);
  return [...objectives, ...inFiles].slice(0, mostDependents);
}

function objectivesOf({ entry, subject }: RawChange, { slos }: ContractDefinition): Dependent[] {
  return Object.entries(slos)
    .filter(([, { metric }]) => metric === subject.name)
    .filter(([, slo]) => {
      if (subject.detail === undefined || subject.detail === '') return true;
      if (entry.endsWith('.buckets')) return String(slo.evaluatedAtSeconds) === subject.detail;
      return Object.entries(slo.selector).some(
        ([label, values]) => label === subject.detail || values.includes(subject.detail ?? ''),
      );
    })
    .map(([name]) => ({ kind: 'objective', name }));
}

/** A histogram is also used by the names of its parts. */
function isUse({ text }: Use, { subject }: RawChange): boolean {
  const name = subject.name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  const suffix = subject.kind === 'metric' ? '(_bucket|_sum|_count)?' : '';
  if (!new RegExp(`(?<![\\w.])${name}${suffix}(?![\\w])`).test(text)) return false;
  const { detail } = subject;
  if (detail === undefined || detail === '') return true;
  const word = detail.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(`(?<!\\w)${word}(?!\\w)`).test(text.replaceAll(subject.name, ''));
}
