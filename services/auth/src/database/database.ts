import type { DatabaseOperation } from '@ibex/telemetry/sql';

/** What may be bound to a parameter. */
export type SqlValue = string | number | boolean | Date | Uint8Array | readonly string[] | null;

/** One SQL statement with its `$1 … $n` parameters. */
export interface Statement {
  /** Its name in metrics and spans. */
  readonly operation: DatabaseOperation;
  readonly text: string;
  readonly values?: readonly SqlValue[];
  /** Parsed and planned once per connection under this name, for statements that are run all the time. */
  readonly preparedAs?: string;
  /** Longest wait for its answer; by default what somebody who waits for a verdict or a page would bear. */
  readonly timeoutMs?: number;
}

/** For statements that have much to do: a ledger to sum up, a batch to write or to delete. */
export const patientTimeoutMs = 10_000;

export interface Queryable {
  /**
   * Runs one statement.
   * `Row` is what the statement's own column list says; columns of type bigint are selected as text.
   *
   * @throws {DatabaseError} with the driver's error as its cause.
   */
  query<Row extends object>(statement: Statement): Promise<readonly Row[]>;
}

/** Connections by what they are doing. */
export interface PoolState {
  readonly inUse: number;
  readonly idle: number;
}

/** A connection beside the pool: what it reads never waits behind what the pool is busy with. */
export interface Listener extends Queryable {
  close(): Promise<void>;
}

/** The one seam between the service and its Postgres, embedded or not: both speak the same SQL. */
export interface Database extends Queryable {
  /** Runs `run` in one transaction: what it throws rolls everything back and is thrown on. */
  transaction<Result>(run: (transaction: Queryable) => Promise<Result>): Promise<Result>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  poolState(): PoolState;
  /** Hears `notify <channel>` of any instance; the caller closes the listener when a query of it fails, and makes another. */
  listen(channel: string, onNotification: () => void): Promise<Listener>;
  /** Waits for running statements, then lets go of connections and files. */
  close(): Promise<void>;
}

/** How many statements may wait for a connection before further ones are refused. */
export const maximumWaiting = 1000;

/** A statement that failed, or that could not be sent. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  /** Whether the same call may succeed once the database is back, as opposed to a statement it refused. */
  readonly unavailable: boolean;

  constructor(message: string, options: { cause?: unknown; unavailable: boolean }) {
    super(message, { cause: options.cause });
    this.unavailable = options.unavailable;
  }
}

/** SQLSTATE classes that speak of the server rather than of the statement: connection, resources, operator, system. */
const unavailableClasses = ['08', '53', '57', '58'];

function sqlState(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' && /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/** Wraps what a driver threw. Without an SQLSTATE the statement never got an answer, so the database was out of reach. */
export function databaseError(operation: string, cause: unknown): DatabaseError {
  if (cause instanceof DatabaseError) return cause;
  const state = sqlState(cause);
  const unavailable = state === undefined || unavailableClasses.includes(state.slice(0, 2));
  const message = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseError(`The database failed at ${operation}: ${message}`, { cause, unavailable });
}
