import type { ContractDefinition } from '@ibex/contract';
import type { Findings } from '../findings.ts';
import type { Locate } from '../locate.ts';
import type { SecretTest } from '../secret-test.ts';

/** What the checks of one service's spans share. */
export interface TraceContext {
  readonly service: string;
  readonly contract: ContractDefinition;
  readonly locate: Locate;
  readonly secrets: SecretTest;
  readonly findings: Findings<'traces'>;
}
