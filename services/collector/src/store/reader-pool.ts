import { setTimeout as delay } from 'node:timers/promises';
import type { DuckDBConnection } from '@duckdb/node-api';
import { QueryOverloadedError, QueryTimeoutError, StoreClosedError } from './errors.ts';
import type { StoreSettings } from './settings.ts';
import { queryRows, type SqlRow, type Statement } from './sql.ts';

/** An interrupt between two statements is lost, so it is repeated until the query has ended. */
const INTERRUPT_INTERVAL_MS = 50;

interface ReaderPoolOptions {
  connections: DuckDBConnection[];
  settings: Pick<StoreSettings, 'maxQueuedQueries' | 'queryTimeoutMs'>;
}

interface Waiting {
  start: (connection: DuckDBConnection) => void;
  refuse: (error: Error) => void;
}

/** What a query works with: one connection, for a bounded time. */
export class Reader {
  readonly connection: DuckDBConnection;
  readonly #timeoutMs: number;
  readonly #deadline: number;

  constructor(
    connection: DuckDBConnection,
    { deadline, timeoutMs }: { deadline: number; timeoutMs: number },
  ) {
    this.connection = connection;
    this.#deadline = deadline;
    this.#timeoutMs = timeoutMs;
  }

  async rows(statement: Statement): Promise<SqlRow[]> {
    this.check();
    return queryRows(this.connection, statement);
  }

  get isExpired(): boolean {
    return performance.now() >= this.#deadline;
  }

  /** @throws {QueryTimeoutError} when the time is used up. */
  check(): void {
    if (this.isExpired) throw timeoutError(this.#timeoutMs);
  }
}

/** Lets a few queries run at a time, beside the writer, and ends those that take too long. */
export class ReaderPool {
  readonly #options: ReaderPoolOptions;
  readonly #free: DuckDBConnection[];
  readonly #waiting: Waiting[] = [];
  #timedOut = 0;
  #isClosing = false;

  constructor(options: ReaderPoolOptions) {
    this.#options = options;
    this.#free = [...options.connections];
  }

  activity(): { runningQueries: number; waitingQueries: number; timedOutQueries: number } {
    return {
      runningQueries: this.#options.connections.length - this.#free.length,
      waitingQueries: this.#waiting.length,
      timedOutQueries: this.#timedOut,
    };
  }

  /**
   * Runs a query as soon as a connection is free.
   * @throws {QueryOverloadedError} when too many wait.
   * @throws {QueryTimeoutError} when waiting and running took longer than the limit.
   */
  async run<Result>(query: (reader: Reader) => Promise<Result>): Promise<Result> {
    const timeoutMs = this.#options.settings.queryTimeoutMs;
    const deadline = performance.now() + timeoutMs;
    const connection = await this.#acquire();
    const reader = new Reader(connection, { deadline, timeoutMs });
    const interrupting = this.#interruptAt(deadline, connection);
    try {
      reader.check();
      return await query(reader);
    } catch (error) {
      if (!reader.isExpired) throw error;
      this.#timedOut += 1;
      throw timeoutError(timeoutMs);
    } finally {
      clearInterval(interrupting);
      this.#release(connection);
    }
  }

  #interruptAt(deadline: number, connection: DuckDBConnection): NodeJS.Timeout {
    return setInterval(() => {
      if (performance.now() >= deadline) connection.interrupt();
    }, INTERRUPT_INTERVAL_MS);
  }

  #acquire(): Promise<DuckDBConnection> {
    if (this.#isClosing) return Promise.reject(closedError());
    const connection = this.#free.pop();
    if (connection !== undefined) return Promise.resolve(connection);
    const { maxQueuedQueries } = this.#options.settings;
    if (this.#waiting.length >= maxQueuedQueries) {
      const message = `${this.#waiting.length} queries wait already and the limit is ${maxQueuedQueries}: ask again in a second`;
      return Promise.reject(new QueryOverloadedError(message));
    }
    return new Promise((start, refuse) => this.#waiting.push({ start, refuse }));
  }

  #release(connection: DuckDBConnection): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free.push(connection);
    else next.start(connection);
  }

  /** Ends what runs, refuses what waits, and gives the connections back. */
  async close(): Promise<void> {
    this.#isClosing = true;
    for (const { refuse } of this.#waiting.splice(0)) refuse(closedError());
    const { connections } = this.#options;
    while (this.#free.length < connections.length) {
      for (const connection of connections) if (!this.#free.includes(connection)) connection.interrupt();
      await delay(INTERRUPT_INTERVAL_MS);
    }
    for (const connection of connections) connection.closeSync();
  }
}

function closedError(): StoreClosedError {
  return new StoreClosedError('The store is closing: the query was not answered');
}

function timeoutError(timeoutMs: number): QueryTimeoutError {
  return new QueryTimeoutError(
    `The query was stopped after ${timeoutMs / 1000} s: ask for a shorter time range or add a filter`,
  );
}
