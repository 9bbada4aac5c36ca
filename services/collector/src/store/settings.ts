import { ibexContract } from '@ibex/contract';

/** How long each signal is kept, in days. */
export interface StoreRetention {
  tracesDays: number;
  logsDays: number;
  metricsDays: number;
}

/** What a caller may set; everything but the directory has a default. */
export interface StoreOptions extends Partial<Omit<StoreSettings, 'directory' | 'path'>> {
  /** Where the database lives; created when it is missing. */
  directory: string;
  /** Called once when the store's worker ends by itself; the store is of no use afterwards. */
  onFailure?: ((error: Error) => void) | undefined;
  /** Called when work in the background failed and will be tried again. */
  onWarning?: ((error: Error) => void) | undefined;
}

/** The limits and intervals a store works with. Survives structured cloning. */
export interface StoreSettings {
  directory: string;
  /** The database file inside `directory`. */
  path: string;
  retention: StoreRetention;
  /** DuckDB's buffers; beyond it DuckDB writes to `directory`/spill. */
  memoryLimitMegabytes: number;
  /** Rows that wait for a commit; beyond it appends are refused. */
  maxQueueRows: number;
  /** Approximate bytes that wait for a commit; beyond it appends are refused. */
  maxQueueBytes: number;
  /** Room on the disk that is left alone: a checkpoint that finds none makes the database unusable. */
  minFreeBytes: number;
  /** Rows of one transaction. */
  maxCommitRows: number;
  /** How long the first append of a transaction waits for others. */
  commitDelayMs: number;
  /** Size of the write-ahead log at which it is folded into the database. */
  checkpointBytes: number;
  /** Time between looks for expired rows. */
  maintenanceIntervalMs: number;
  /** Time between looks for series without samples, which read all samples' series. */
  seriesIntervalMs: number;
  /** Rows deleted by one statement. */
  retentionBiteRows: number;
  /** Metric series known at once; samples of further ones are dropped and counted. */
  maxSeries: number;
  /** Longest a query may wait and run. */
  queryTimeoutMs: number;
  maxConcurrentQueries: number;
  /** Queries that may wait for a free connection. */
  maxQueuedQueries: number;
}

export const DEFAULT_SETTINGS: Omit<StoreSettings, 'directory' | 'path'> = {
  retention: {
    tracesDays: ibexContract.retention.tracesDays,
    logsDays: ibexContract.retention.logsDays,
    metricsDays: ibexContract.retention.metricsDays,
  },
  memoryLimitMegabytes: 64,
  maxQueueRows: 100_000,
  maxQueueBytes: 32 * 1024 * 1024,
  minFreeBytes: 64 * 1024 * 1024,
  maxCommitRows: 5_000,
  commitDelayMs: 3,
  checkpointBytes: 4 * 1024 * 1024,
  maintenanceIntervalMs: 60_000,
  seriesIntervalMs: 3_600_000,
  retentionBiteRows: 10_000,
  maxSeries: 50_000,
  queryTimeoutMs: 10_000,
  maxConcurrentQueries: 2,
  maxQueuedQueries: 32,
};
