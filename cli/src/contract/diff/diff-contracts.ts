import type { ContractDefinition } from '@ibex/contract';
import { findDependents } from './find-dependents.ts';
import type { Use } from './find-uses.ts';
import { diffLists } from './lists.ts';
import { diffMetrics } from './metrics.ts';
import type { Change } from './model.ts';
import { diffOtherSections } from './other-sections.ts';
import { diffRetention, diffSlos } from './promises.ts';
import { diffLogFields, diffSpans } from './spans-and-fields.ts';

/** Every difference between two contracts, the breaking ones first, with whom they break. */
export function diffContracts(
  old: ContractDefinition,
  now: ContractDefinition,
  uses: readonly Use[] = [],
): Change[] {
  const changes = [
    ...diffMetrics(old.metrics, now.metrics),
    ...diffSpans(old.spans, now.spans),
    ...diffLogFields(old.logFields, now.logFields),
    ...diffSlos(old.slos, now.slos),
    ...diffRetention(old.retention, now.retention),
    ...diffLists(old, now),
    ...diffOtherSections(old, now),
  ];
  return changes
    .map((change) => ({ ...change, affects: findDependents(change, old, uses) }))
    .toSorted((one, other) => Number(other.breaking) - Number(one.breaking));
}
