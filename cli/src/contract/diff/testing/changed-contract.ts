import assert from 'node:assert/strict';
import { type ContractDefinition, ibexContract } from '@ibex/contract';

/** A contract that a test may change. */
export type Mutable<Value> = Value extends (...args: never) => unknown
  ? Value
  : { -readonly [Key in keyof Value]: Mutable<Value[Key]> };

/** The shipped contract after a change. */
export function changed(change: (contract: Mutable<ContractDefinition>) => void): ContractDefinition {
  // Not structuredClone: what entries share would stay shared.
  const copy: Mutable<ContractDefinition> = JSON.parse(JSON.stringify(ibexContract));
  change(copy);
  return copy;
}

/** The entry of the list, or an end of the test. */
export function present<Item>(item: Item | undefined): Item {
  assert.ok(item !== undefined);
  return item;
}
