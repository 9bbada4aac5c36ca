import type { DuckDBConnection } from '@duckdb/node-api';
import { StoreOpenError } from './errors.ts';

/** Raised whenever a file written by this code could not be read by the code before it, or the other way round. */
export const SCHEMA_VERSION = '1';

export type ColumnType = 'BIGINT' | 'UBIGINT' | 'UINTEGER' | 'USMALLINT' | 'UTINYINT' | 'DOUBLE' | 'VARCHAR';

export interface Table {
  readonly name: string;
  /** By the property that holds the column; the database calls it the same in snake case. */
  readonly columns: Readonly<Record<string, ColumnType>>;
}

/**
 * Instants and durations are nanoseconds, times of samples milliseconds. Trace ids are two 64-bit halves, because a
 * scan over 8 bytes is twice as fast as one over 16. `sequence` counts up in the order of arrival: rows lie on disk
 * in that order, so a range of sequences names a small stretch of the file.
 */
export const spanTable = {
  name: 'spans',
  columns: {
    sequence: 'BIGINT',
    traceHigh: 'UBIGINT',
    traceLow: 'UBIGINT',
    spanId: 'UBIGINT',
    parentSpanId: 'UBIGINT',
    startNano: 'BIGINT',
    durationNano: 'BIGINT',
    name: 'VARCHAR',
    kind: 'UTINYINT',
    service: 'VARCHAR',
    scope: 'VARCHAR',
    status: 'UTINYINT',
    statusMessage: 'VARCHAR',
    httpStatus: 'USMALLINT',
    requestId: 'VARCHAR',
    attributes: 'VARCHAR',
    resource: 'VARCHAR',
    events: 'VARCHAR',
    links: 'VARCHAR',
  },
} as const satisfies Table;

/** One row per commit, trace and service: where the spans of a trace lie, and its totals, without reading the spans. */
export const traceTable = {
  name: 'trace_index',
  columns: {
    traceHigh: 'UBIGINT',
    traceLow: 'UBIGINT',
    firstSequence: 'BIGINT',
    lastSequence: 'BIGINT',
    lastStartNano: 'BIGINT',
    spans: 'UINTEGER',
    errors: 'UINTEGER',
    service: 'VARCHAR',
  },
} as const satisfies Table;

export const logTable = {
  name: 'logs',
  columns: {
    sequence: 'BIGINT',
    timeNano: 'BIGINT',
    level: 'UTINYINT',
    service: 'VARCHAR',
    message: 'VARCHAR',
    traceHigh: 'UBIGINT',
    traceLow: 'UBIGINT',
    spanId: 'UBIGINT',
    requestId: 'VARCHAR',
    attributes: 'VARCHAR',
    resource: 'VARCHAR',
  },
} as const satisfies Table;

export const seriesTable = {
  name: 'series',
  columns: { id: 'UINTEGER', name: 'VARCHAR', labels: 'VARCHAR' },
} as const satisfies Table;

export const sampleTable = {
  name: 'samples',
  columns: { seriesId: 'UINTEGER', timeMs: 'BIGINT', value: 'DOUBLE' },
} as const satisfies Table;

export const metadataTable = {
  name: 'metric_metadata',
  columns: { name: 'VARCHAR', type: 'VARCHAR', unit: 'VARCHAR', help: 'VARCHAR' },
} as const satisfies Table;

export const serviceTable = {
  name: 'services',
  columns: { name: 'VARCHAR', lastSeenMs: 'BIGINT' },
} as const satisfies Table;

const TABLES: readonly Table[] = [
  spanTable,
  traceTable,
  logTable,
  seriesTable,
  sampleTable,
  metadataTable,
  serviceTable,
];

/** The name a column has in the database. */
export function columnName(property: string): string {
  return property.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/**
 * Creates the tables in an empty database and accepts one that this version wrote.
 * @throws {StoreOpenError} when the database holds something else.
 */
export async function ensureSchema(connection: DuckDBConnection, path: string): Promise<void> {
  const found = await connection.runAndReadAll(
    'SELECT table_name FROM duckdb_tables() WHERE database_name = current_database()',
  );
  const names = found.getRows().map(([name]) => String(name));
  if (names.length === 0) return createTables(connection);
  if (!names.includes('schema_meta')) {
    throw new StoreOpenError(
      `Cannot use '${path}' as the telemetry store: it is a DuckDB database with other tables ` +
        `(${names.slice(0, 3).join(', ')}). Choose another data directory, or move the file away`,
    );
  }
  await checkVersion(connection, path);
}

async function createTables(connection: DuckDBConnection): Promise<void> {
  await connection.run('BEGIN');
  await connection.run('CREATE TABLE schema_meta (key VARCHAR, value VARCHAR)');
  for (const table of TABLES) await connection.run(createStatement(table));
  await connection.run("INSERT INTO schema_meta VALUES ('version', $1)", [SCHEMA_VERSION]);
  await connection.run('COMMIT');
}

function createStatement(table: Table): string {
  const columns = Object.entries(table.columns).map(([property, type]) => `${columnName(property)} ${type}`);
  return `CREATE TABLE ${table.name} (${columns.join(', ')})`;
}

async function checkVersion(connection: DuckDBConnection, path: string): Promise<void> {
  const found = await connection.runAndReadAll("SELECT value FROM schema_meta WHERE key = 'version'");
  const version = String(found.getRows()[0]?.[0] ?? 'missing');
  if (version === SCHEMA_VERSION) return;
  throw new StoreOpenError(
    `Cannot use '${path}' as the telemetry store: its schema version is ${version}, this collector reads and ` +
      `writes version ${SCHEMA_VERSION}. Start the release that wrote it, or move the file away to begin with an empty store`,
  );
}
