import type { ClientCounts } from './client.ts';
import type { Sample } from './watch.ts';
import type { KeptMemory } from './watched-service.ts';

/** The same amounts, as one of those who count them has them. */
export interface Amounts {
  readonly requests?: number;
  readonly calls?: number;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
}

/** What a soak has seen. */
export interface SoakResult {
  readonly seconds: number;
  /** Requests a second with as many under way as it takes; undefined where the rate was given. */
  readonly capacityPerSecond: number | undefined;
  readonly perSecond: number;
  readonly load: readonly [before: number, after: number];
  readonly clients: ClientCounts;
  /** Of the run alone: without what warmed the gateway up. */
  readonly samples: readonly Sample[];
  /** Before the run and after it, with nothing under way. */
  readonly idle: readonly [before: Sample, after: Sample];
  /** Of the proxy before the run and after it; of auth after its restart and at the end. */
  readonly kept: Readonly<Record<'proxy' | 'auth', readonly [before: KeptMemory, after: KeptMemory]>>;
  /** Who counted what; `ledger` is absent where the gateway keeps none. */
  readonly signals: Readonly<Record<'clients' | 'metrics' | 'logs' | 'spans', Amounts>> & {
    readonly ledger?: Amounts;
  };
  readonly warnings: Readonly<Record<string, number>>;
  readonly lost: Readonly<Record<'telemetry' | 'usageRecords' | 'contractViolations', number>>;
}
