import { accessSync, constants, existsSync, mkdirSync, realpathSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Batch, SinkOverloadedError } from '../model.ts';
import { AppendQueue } from './append-queue.ts';
import { type EncodedBatch, encodeBatch, rowsOf } from './encode.ts';
import { StoreClosedError, StoreFullError, StoreOpenError } from './errors.ts';
import type { ReadKind, Reads } from './protocol.ts';
import { decodeLogs, decodeTrace } from './rows.ts';
import { DEFAULT_SETTINGS, type StoreOptions, type StoreSettings } from './settings.ts';
import type * as types from './types.ts';
import { WorkerClient } from './worker-client.ts';

/** Senders do not wait for much longer. */
const FULL_RETRY_AFTER_MS = 3_000;

/**
 * Opens the telemetry store in a directory, or makes it there. One process at a time can have it open.
 *
 * @throws {StoreOpenError} when the directory cannot be written, or the database is locked, damaged or of another
 * version; the message names the path and what to do.
 */
export async function openStore(options: StoreOptions): Promise<types.Store> {
  const { onFailure, onWarning, ...given } = options;
  const directory = prepareDirectory(resolve(options.directory));
  const path = join(directory, 'telemetry.duckdb');
  const settings: StoreSettings = { ...DEFAULT_SETTINGS, ...given, directory, path };
  claim(path);
  try {
    const worker = await WorkerClient.open(settings, { onFailure, onWarning });
    return new DuckDbStore(worker, { settings, onClosed: () => openPaths.delete(path) });
  } catch (error) {
    openPaths.delete(path);
    throw error;
  }
}

/** The file lock keeps other processes out, but not a second store in this one. */
const openPaths = new Set<string>();

function claim(path: string): void {
  if (openPaths.has(path)) {
    throw new StoreOpenError(
      `Cannot open the telemetry store '${path}' twice in one process: close the first`,
    );
  }
  openPaths.add(path);
}

/** @returns its real path, the same for every link to it. */
function prepareDirectory(directory: string): string {
  try {
    makeDirectory(directory);
    accessSync(directory, constants.R_OK | constants.W_OK | constants.X_OK);
    return realpathSync(directory);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreOpenError(
      `Cannot keep telemetry in '${directory}': the directory cannot be made or written (${reason}). ` +
        'Give this user the right to write there, or choose another data directory',
      { cause: error },
    );
  }
}

/** Node's own `recursive` never returns where a parent exists but takes no entries, as in /proc. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  const parent = dirname(directory);
  if (parent !== directory) makeDirectory(parent);
  mkdirSync(directory, { mode: 0o700 });
}

/** The front of the store: bounds and encodes what goes to the worker, decodes what comes back. */
class DuckDbStore implements types.Store {
  readonly #worker: WorkerClient;
  readonly #queue: AppendQueue;
  readonly #onClosed: () => void;
  #overloaded = 0;
  #closing: Promise<void> | undefined;

  constructor(
    worker: WorkerClient,
    { settings, onClosed }: { settings: StoreSettings; onClosed: () => void },
  ) {
    this.#worker = worker;
    this.#onClosed = onClosed;
    this.#queue = new AppendQueue(settings);
  }

  async append(batch: Batch): Promise<void> {
    this.#checkOpen();
    if (rowsOf(batch) === 0) return;
    const encoded = this.#admit(batch);
    try {
      await this.#worker.append(encoded);
    } catch (error) {
      throw this.#refusal(error, encoded);
    } finally {
      this.#queue.leave(encoded);
    }
  }

  async getTrace(traceId: string): Promise<types.TraceRecord | undefined> {
    const trace = await this.#read('trace', { traceId });
    return trace === undefined ? undefined : decodeTrace(trace);
  }

  searchSpans(search: types.SpanSearch): Promise<types.Page<types.SpanSummary>> {
    return this.#read('spans', search);
  }

  async searchLogs(search: types.LogSearch): Promise<types.Page<types.StoredLog>> {
    const page = await this.#read('logs', search);
    return { rows: decodeLogs(page.rows), next: page.next };
  }

  logVolume(query: types.LogVolumeQuery): Promise<types.LogVolumeStep[]> {
    return this.#read('logVolume', query);
  }

  listServices(): Promise<types.ServiceSeen[]> {
    return this.#read('services', null);
  }

  listMetrics(): Promise<types.MetricFamily[]> {
    return this.#read('metrics', null);
  }

  metricRange(query: types.MetricRangeQuery): Promise<types.MetricRange> {
    return this.#read('metricRange', query);
  }

  statistics(): types.StoreStatistics {
    const { dropped, ...rest } = this.#worker.statistics;
    return {
      ...rest,
      dropped: { ...dropped, overloaded: this.#overloaded },
      queuedBatches: this.#queue.batches,
      queuedRows: this.#queue.rows,
      queuedBytes: this.#queue.bytes,
      failure: this.#worker.failure?.message,
    };
  }

  close(): Promise<void> {
    this.#closing ??= this.#worker.close().finally(this.#onClosed);
    return this.#closing;
  }

  /** Encoding a batch that has no room would be work for nothing, so its rows are looked at first. */
  #admit(batch: Batch): EncodedBatch {
    try {
      this.#queue.checkRows(rowsOf(batch));
      const encoded = encodeBatch(batch);
      this.#queue.enter(encoded);
      return encoded;
    } catch (error) {
      if (error instanceof SinkOverloadedError) this.#overloaded += rowsOf(batch);
      throw error;
    }
  }

  /** A full disk is a reason to come again, as a full queue is. */
  #refusal(error: unknown, { rows }: EncodedBatch): unknown {
    if (!(error instanceof StoreFullError)) return error;
    this.#overloaded += rows;
    return new SinkOverloadedError(error.message, FULL_RETRY_AFTER_MS);
  }

  async #read<Kind extends ReadKind>(
    kind: Kind,
    query: Reads[Kind]['query'],
  ): Promise<Reads[Kind]['result']> {
    this.#checkOpen();
    return this.#worker.read(kind, query);
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) throw new StoreClosedError('The telemetry store was closed');
  }
}
