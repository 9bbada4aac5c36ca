import type { Batch, Sink } from '../model.ts';
import { emptyBatch } from '../model.ts';

/** A sink for tests: keeps what it takes, or answers with the error it is told to. */
export class MemorySink implements Sink {
  readonly kept: Batch = emptyBatch();
  failure: Error | undefined;
  /** When set, `append` resolves only after this does. */
  gate: Promise<void> | undefined;
  appends = 0;

  async append(batch: Batch): Promise<void> {
    this.appends += 1;
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    this.kept.spans.push(...batch.spans);
    this.kept.logs.push(...batch.logs);
    this.kept.samples.push(...batch.samples);
    this.kept.metadata.push(...batch.metadata);
  }
}
