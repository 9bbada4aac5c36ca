import pg from 'pg';
import {
  type Database,
  DatabaseError,
  databaseError,
  type Listener,
  type PoolState,
  type Queryable,
  type Statement,
} from './database.ts';

/** How to reach a Postgres server. */
export interface PostgresOptions {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  readonly maximumConnections: number;
  /** Told about idle connections the server ended; the pool replaces them by itself. */
  readonly onConnectionLost?: (error: Error) => void;
}

async function run<Row extends object>(
  connection: pg.Pool | pg.Client | pg.PoolClient,
  statement: Statement,
): Promise<readonly Row[]> {
  const { text, values = [], preparedAs, timeoutMs } = statement;
  try {
    const result = await connection.query<Row & pg.QueryResultRow>({
      text,
      values: [...values],
      ...(preparedAs === undefined ? {} : { name: preparedAs }),
      ...(timeoutMs === undefined ? {} : { query_timeout: timeoutMs }),
    });
    return result.rows;
  } catch (error) {
    throw databaseError(statement.operation, error);
  }
}

/** Whether the connection may be used again. One that gave no answer is not even asked: it would be waited for again. */
async function rollsBack(client: pg.PoolClient, error: unknown): Promise<boolean> {
  if (error instanceof DatabaseError && error.unavailable) return false;
  return client.query('rollback').then(
    () => true,
    () => false,
  );
}

/** Runs `body` between begin and commit. */
async function inTransaction<Result>(
  client: pg.PoolClient,
  body: (transaction: Queryable) => Promise<Result>,
): Promise<Result> {
  try {
    await run(client, { operation: 'transaction', text: 'begin' });
    const result = await body({ query: (statement: Statement) => run(client, statement) });
    await run(client, { operation: 'transaction', text: 'commit' });
    client.release();
    return result;
  } catch (error) {
    client.release(!(await rollsBack(client, error)));
    throw error;
  }
}

/** Of a connection, and of a statement that does not say otherwise. */
const answerTimeoutMs = 2000;

function connectionOptions(url: string) {
  return {
    connectionString: url,
    application_name: 'ibex-auth',
    connectionTimeoutMillis: answerTimeoutMs,
    statement_timeout: 5000,
    query_timeout: answerTimeoutMs,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
  };
}

async function openListener(
  url: string,
  { channel, onNotification }: { channel: string; onNotification: () => void },
): Promise<Listener> {
  const client = new pg.Client({
    ...connectionOptions(url),
    application_name: 'ibex-auth-listener',
  });
  // The next query fails and says so to whom it concerns.
  client.on('error', () => undefined);
  client.on('notification', () => onNotification());
  try {
    await client.connect();
    await client.query(`listen ${client.escapeIdentifier(channel)}`);
  } catch (error) {
    await client.end().catch(() => undefined);
    throw databaseError('revocation_list', error);
  }
  return {
    query: (statement) => run(client, statement),
    // A server that is gone does not answer the farewell either.
    close: async () => void client.end().catch(() => undefined),
  };
}

class PostgresDatabase implements Database {
  readonly #pool: pg.Pool;
  readonly #url: string;

  constructor(options: PostgresOptions) {
    this.#url = options.url;
    this.#pool = new pg.Pool({
      ...connectionOptions(options.url),
      max: options.maximumConnections,
      // A connection holds prepared statements: it is worth keeping over a quiet minute.
      idleTimeoutMillis: 300_000,
    });
    this.#pool.on('error', (error) => options.onConnectionLost?.(error));
    // A connection that breaks between two statements of a transaction says so here; the next statement fails.
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  async query<Row extends object>(statement: Statement): Promise<readonly Row[]> {
    return run<Row>(this.#pool, statement);
  }

  async transaction<Result>(body: (transaction: Queryable) => Promise<Result>): Promise<Result> {
    const client = await this.#pool.connect().catch((error: unknown) => {
      throw databaseError('transaction', error);
    });
    return inTransaction(client, body);
  }

  async ping(): Promise<void> {
    await this.query({ operation: 'ping', text: 'select 1' });
  }

  poolState(): PoolState {
    const { totalCount, idleCount } = this.#pool;
    return { inUse: totalCount - idleCount, idle: idleCount };
  }

  listen(channel: string, onNotification: () => void): Promise<Listener> {
    return openListener(this.#url, { channel, onNotification });
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }
}

/** A pool of connections to a Postgres server; connects on first use. */
export function openPostgresDatabase(options: PostgresOptions): Database {
  return new PostgresDatabase(options);
}
