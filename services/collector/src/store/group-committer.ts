import { setTimeout as delay } from 'node:timers/promises';
import type { BatchWriter, WriteOutcome } from './batch-writer.ts';
import type { EncodedBatch } from './encode.ts';
import { StoreWriteError } from './errors.ts';
import type { SerialQueue } from './serial-queue.ts';
import type { StoreSettings } from './settings.ts';

interface PendingAppend {
  batch: EncodedBatch;
  resolve: () => void;
  reject: (error: Error) => void;
}

interface GroupCommitterOptions {
  writer: BatchWriter;
  /** Shared with checkpoints and deletions: one job at a time touches the tables. */
  queue: SerialQueue;
  settings: Pick<StoreSettings, 'maxCommitRows' | 'commitDelayMs'>;
  onCommit: (outcome: WriteOutcome, durationMs: number) => void;
  onFailedBatch: (batch: EncodedBatch, error: unknown) => void;
}

/**
 * Commits what waits together, because a transaction costs the same for one row and for thousands. The front bounds
 * how much can wait.
 */
export class GroupCommitter {
  readonly #options: GroupCommitterOptions;
  #waiting: PendingAppend[] = [];
  #waitingRows = 0;
  #running: Promise<void> | undefined;

  constructor(options: GroupCommitterOptions) {
    this.#options = options;
  }

  /** Resolves when the batch is durable. */
  append(batch: EncodedBatch): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ batch, resolve, reject });
      this.#waitingRows += batch.rows;
      this.#running ??= this.#run();
    });
  }

  /** Resolves when nothing waits any more. */
  async drain(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const { queue, settings } = this.#options;
      const { maxCommitRows, commitDelayMs } = settings;
      if (this.#waitingRows < maxCommitRows) await delay(commitDelayMs);
      await queue.run(() => this.#commit(this.#takeGroup()));
    }
    this.#running = undefined;
  }

  /** As many batches as fit one transaction, at least one. */
  #takeGroup(): PendingAppend[] {
    let rows = 0;
    let count = 0;
    for (const { batch } of this.#waiting) {
      if (count > 0 && rows + batch.rows > this.#options.settings.maxCommitRows) break;
      rows += batch.rows;
      count += 1;
    }
    this.#waitingRows -= rows;
    return this.#waiting.splice(0, count);
  }

  async #commit(group: PendingAppend[]): Promise<void> {
    const begun = performance.now();
    try {
      const outcome = await this.#options.writer.write(group.map(({ batch }) => batch));
      this.#options.onCommit(outcome, performance.now() - begun);
      for (const { resolve } of group) resolve();
    } catch (error) {
      await this.#handleFailure(group, error);
    }
  }

  /** One batch that cannot be written must not take the others with it, so each gets a transaction of its own. */
  async #handleFailure(group: PendingAppend[], error: unknown): Promise<void> {
    const [only] = group;
    if (only === undefined) return;
    if (group.length === 1) {
      const cause = error instanceof Error ? error.message : String(error);
      this.#options.onFailedBatch(only.batch, error);
      only.reject(new StoreWriteError(`The batch was not stored: ${cause}`));
      return;
    }
    for (const append of group) await this.#commit([append]);
  }
}
