import { mkdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { StoreFullError, StoreOpenError } from './errors.ts';
import { ensureSchema } from './schema.ts';
import type { StoreSettings } from './settings.ts';

const CATALOG = 'telemetry';

/**
 * Rows that are compressed together. A checkpoint rewrites the last, unfinished group and holds appends meanwhile:
 * measured on 600,000 spans, the longest hold is 0.2 s with 16,384 rows and 2.2 s with DuckDB's 122,880.
 */
const ROW_GROUP_SIZE = 16_384;

/** An open database file and the way to more connections to it. */
export interface Database {
  connect(): Promise<DuckDBConnection>;
  /** Bytes of the database file and of its write-ahead log. */
  sizes(): { databaseBytes: number; writeAheadLogBytes: number };
  /** @throws {StoreFullError} when the disk has less room left than the store leaves alone. */
  checkRoom(): void;
  close(): void;
}

/**
 * Opens the database file, or makes it.
 * @throws {StoreOpenError} naming the path and what to do.
 */
export async function openDatabase(settings: StoreSettings): Promise<Database> {
  mkdirSync(spillDirectory(settings), { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  try {
    await prepare(instance, settings);
  } catch (error) {
    instance.closeSync();
    throw explain(error, settings.path);
  }
  return {
    connect: () => connect(instance),
    sizes: () => ({
      databaseBytes: sizeOf(settings.path),
      writeAheadLogBytes: sizeOf(`${settings.path}.wal`),
    }),
    checkRoom: () => checkRoom(settings),
    close: () => instance.closeSync(),
  };
}

/** One thread per query keeps scans in the order of arrival, which the metric functions rely on, and memory low. */
async function prepare(instance: DuckDBInstance, settings: StoreSettings): Promise<void> {
  const connection = await instance.connect();
  try {
    for (const statement of configuration(settings)) await connection.run(statement);
    await connection.run(`USE ${CATALOG}`);
    await ensureSchema(connection, settings.path);
  } finally {
    connection.closeSync();
  }
}

/** After the last statement no query can reach another file or change a limit. Checkpoints are ours to time. */
function configuration(settings: StoreSettings): string[] {
  return [
    `SET memory_limit = '${settings.memoryLimitMegabytes}MB'`,
    `SET temp_directory = ${quoted(spillDirectory(settings))}`,
    "SET max_temp_directory_size = '1GB'",
    "SET checkpoint_threshold = '1TB'",
    'SET autoinstall_known_extensions = false',
    'SET autoload_known_extensions = false',
    `ATTACH ${quoted(settings.path)} AS ${CATALOG} (ROW_GROUP_SIZE ${ROW_GROUP_SIZE}, BLOCK_SIZE 65536)`,
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
}

async function connect(instance: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await instance.connect();
  await connection.run(`USE ${CATALOG}`);
  return connection;
}

function spillDirectory(settings: StoreSettings): string {
  return join(settings.directory, 'spill');
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

function checkRoom({ directory, minFreeBytes }: StoreSettings): void {
  const { bavail, bsize } = statfsSync(directory);
  const free = bavail * bsize;
  if (free >= minFreeBytes) return;
  throw new StoreFullError(
    `The disk of '${directory}' must have ${minFreeBytes} bytes free for the store to write: it has ${free}. ` +
      'Free space, or move the data directory',
  );
}

function explain(error: unknown, path: string): StoreOpenError {
  if (error instanceof StoreOpenError) return error;
  const cause = error instanceof Error ? error.message : String(error);
  return new StoreOpenError(`Cannot open the telemetry store '${path}': ${reasonFor(cause)}`, {
    cause: error,
  });
}

function reasonFor(cause: string): string {
  const holder = /Conflicting lock is held in (.+?)(?: by user|\. See|$)/.exec(cause)?.[1];
  if (holder !== undefined || cause.includes('Could not set lock')) {
    return `another process has it open (${holder ?? 'unknown'}). Stop that process, or choose another data directory`;
  }
  if (/Permission denied|Read-only file system/i.test(cause)) {
    return `it cannot be read and written (${firstLine(cause)}). Give this user the right to, or choose another data directory`;
  }
  if (/No space left/i.test(cause)) return 'the disk is full. Free space, then start again';
  return (
    `the file is damaged or was not written by this program (${firstLine(cause)}). ` +
    'Move it and its .wal file away to begin with an empty store'
  );
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 300);
}
