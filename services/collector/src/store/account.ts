import type { DuckDBConnection } from '@duckdb/node-api';
import type { WriteOutcome } from './batch-writer.ts';
import type { EncodedBatch } from './encode.ts';
import type { WorkerStatistics } from './protocol.ts';
import { queryRows } from './sql.ts';

type Rows = WorkerStatistics['rows'];
type Momentary =
  | 'databaseBytes'
  | 'writeAheadLogBytes'
  | 'runningQueries'
  | 'waitingQueries'
  | 'timedOutQueries';

/** Keeps count of what the worker did, so that asking for it costs no query. */
export class Account {
  readonly #rows: Rows;
  readonly #dropped: WorkerStatistics['dropped'] = {
    overloaded: 0,
    write_failed: 0,
    duplicate_span: 0,
    series_limit: 0,
    expired: 0,
  };
  #cutAttributes = 0;
  #commits = 0;
  #lastCommitMs = 0;
  #lastCheckpointMs = 0;

  constructor(rows: Rows) {
    this.#rows = rows;
  }

  static async load(connection: DuckDBConnection): Promise<Account> {
    const sql = `
      SELECT (SELECT count(*) FROM spans), (SELECT count(*) FROM logs),
             (SELECT count(*) FROM samples), (SELECT count(*) FROM series)`;
    const [row] = await queryRows(connection, { sql });
    const [spans, logs, samples, series] = [0, 1, 2, 3].map((column) => row?.number(column) ?? 0);
    return new Account({ spans: spans ?? 0, logs: logs ?? 0, samples: samples ?? 0, series: series ?? 0 });
  }

  received(batch: EncodedBatch): void {
    this.#cutAttributes += batch.cutAttributes;
  }

  committed(outcome: WriteOutcome, durationMs: number): void {
    this.#rows.spans += outcome.spans;
    this.#rows.logs += outcome.logs;
    this.#rows.samples += outcome.samples;
    this.#rows.series += outcome.series;
    this.#dropped.duplicate_span += outcome.duplicateSpans;
    this.#dropped.series_limit += outcome.droppedSamples;
    this.#commits += 1;
    this.#lastCommitMs = durationMs;
  }

  failed(batch: EncodedBatch): void {
    this.#dropped.write_failed += batch.rows;
  }

  expired(signal: 'spans' | 'logs' | 'samples', count: number): void {
    this.#rows[signal] -= count;
    this.#dropped.expired += count;
  }

  setSeries(count: number): void {
    this.#rows.series = count;
  }

  checkpointed(durationMs: number): void {
    this.#lastCheckpointMs = durationMs;
  }

  snapshot(momentary: Pick<WorkerStatistics, Momentary>): WorkerStatistics {
    return {
      ...momentary,
      rows: { ...this.#rows },
      dropped: { ...this.#dropped },
      cutAttributes: this.#cutAttributes,
      commits: this.#commits,
      lastCommitMs: this.#lastCommitMs,
      lastCheckpointMs: this.#lastCheckpointMs,
    };
  }
}
