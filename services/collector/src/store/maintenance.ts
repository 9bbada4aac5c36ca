import type { DuckDBConnection } from '@duckdb/node-api';
import type { Account } from './account.ts';
import type { Database } from './database.ts';
import { deleteEmptySeries } from './empty-series.ts';
import type { Registries } from './registries.ts';
import { deleteExpired, expiredBefore } from './retention.ts';
import type { SerialQueue } from './serial-queue.ts';
import type { StoreSettings } from './settings.ts';

interface MaintenanceOptions {
  connection: DuckDBConnection;
  /** For what takes long and only reads. */
  scanConnection: DuckDBConnection;
  database: Database;
  queue: SerialQueue;
  registries: Registries;
  settings: StoreSettings;
  account: Account;
  /** After a checkpoint and after a look for expired rows. */
  onDone: () => void;
  onError: (error: unknown) => void;
}

/** Folds the write-ahead log into the database while it is small, and deletes what has expired. */
export class Maintenance {
  readonly #options: MaintenanceOptions;
  readonly #timer: NodeJS.Timeout;
  #expiring: Promise<void> | undefined;
  #isCheckpointQueued = false;
  #isStopping = false;
  #seriesLookedAtMs = performance.now();

  constructor(options: MaintenanceOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#expireOnce(), options.settings.maintenanceIntervalMs);
    this.#expireOnce();
  }

  /** After each commit: a small log keeps the hold on appends short and a restart quick. */
  afterCommit(): void {
    const { database, settings } = this.#options;
    if (this.#isCheckpointQueued || database.sizes().writeAheadLogBytes < settings.checkpointBytes) return;
    this.#isCheckpointQueued = true;
    this.#checkpoint()
      .catch(this.#options.onError)
      .finally(() => {
        this.#isCheckpointQueued = false;
      });
  }

  /** Ends what is under way; the last checkpoint makes the next start quick. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearInterval(this.#timer);
    this.#options.scanConnection.interrupt();
    await this.#expiring;
    await this.#checkpoint().catch(this.#options.onError);
  }

  #checkpoint(): Promise<void> {
    const { connection, queue, account, onDone } = this.#options;
    return queue.run(async () => {
      const begun = performance.now();
      await connection.run('CHECKPOINT');
      account.checkpointed(performance.now() - begun);
      onDone();
    });
  }

  #expireOnce(): void {
    this.#expiring ??= this.#expire()
      .catch(this.#options.onError)
      .finally(() => {
        this.#expiring = undefined;
      });
  }

  async #expire(): Promise<void> {
    const { account, registries, onDone } = this.#options;
    await deleteExpired({
      ...this.#options,
      onExpired: (signal, rows) => account.expired(signal, rows),
      isStopping: () => this.#isStopping,
    });
    if (this.#isSeriesDue()) await this.#forgetSeries();
    account.setSeries(registries.series.size);
    onDone();
  }

  #isSeriesDue(): boolean {
    const sinceMs = performance.now() - this.#seriesLookedAtMs;
    return !this.#isStopping && sinceMs >= this.#options.settings.seriesIntervalMs;
  }

  async #forgetSeries(): Promise<void> {
    const { settings, registries } = this.#options;
    this.#seriesLookedAtMs = performance.now();
    const expiredUnixMs = expiredBefore(Date.now(), settings.retention.metricsDays);
    await deleteEmptySeries({ ...this.#options, series: registries.series }, expiredUnixMs);
  }
}
