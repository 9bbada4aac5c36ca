import type { ContractDefinition } from '@ibex/contract';
import type { Findings } from '../findings.ts';
import type { Locate } from '../locate.ts';
import type { SecretTest } from '../secret-test.ts';

/** What the checks of one exposition share. */
export interface MetricContext {
  readonly service: string;
  readonly contract: ContractDefinition;
  readonly locate: Locate;
  readonly secrets: SecretTest;
  readonly findings: Findings<'metrics'>;
}
