import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ContractDefinition, ibexContract } from '@ibex/contract';
import { diffContracts } from '../diff-contracts.ts';
import { changed, type Mutable } from './changed-contract.ts';

/** A change of the shipped contract, and the one difference it is to make. */
export interface Change {
  readonly name: string;
  readonly change: (contract: Mutable<ContractDefinition>) => void;
  readonly entry: string;
  readonly breaking: boolean;
  /** Objectives that break. */
  readonly affects?: readonly string[];
}

/** Makes a test of each. */
export function testChanges(changes: readonly Change[]): void {
  for (const { name, change, entry, breaking, affects } of changes) {
    test(`${breaking ? 'breaking' : 'compatible'}: ${name}`, () => {
      const differences = diffContracts(ibexContract, changed(change));
      assert.deepEqual(
        differences.map((difference) => [difference.entry, difference.breaking]),
        [[entry, breaking]],
      );
      const objectives = differences.flatMap((difference) =>
        difference.affects.map((dependent) => dependent.name),
      );
      assert.deepEqual(objectives, affects ?? []);
    });
  }
}
