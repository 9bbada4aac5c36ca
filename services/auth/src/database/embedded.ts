import { execFile } from 'node:child_process';
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { PGlite, Transaction } from '@electric-sql/pglite';
import { claimDataDirectory } from './data-directory.ts';
import {
  type Database,
  databaseError,
  type Listener,
  type PoolState,
  type Queryable,
  type Statement,
} from './database.ts';
import { openPGlite } from './pglite.ts';

const createClusterScript = fileURLToPath(new URL('create-cluster.ts', import.meta.url));
/** It takes 3 s of one core; on a machine that has better things to do, it may wait for them. */
const createTimeoutMs = 300_000;

/** Makes the cluster beside its place and moves it there whole, so that a stop half-way leaves nothing to trip over. */
async function createCluster(directory: string): Promise<void> {
  const drafts = `${basename(directory)}.new-`;
  for (const entry of readdirSync(dirname(directory)).filter((name) => name.startsWith(drafts))) {
    rmSync(join(dirname(directory), entry), { recursive: true, force: true });
  }
  const draft = join(dirname(directory), `${drafts}${process.pid}`);
  try {
    await promisify(execFile)(process.execPath, [createClusterScript, draft], { timeout: createTimeoutMs });
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    throw new Error(
      `Cannot make a database in ${directory}. See that its disk has 50 MB free and try again, or set DATABASE_URL to a Postgres server.`,
      { cause: error },
    );
  }
  renameSync(draft, directory);
}

async function openCluster(directory: string): Promise<PGlite> {
  if (!existsSync(join(directory, 'PG_VERSION'))) await createCluster(directory);
  try {
    return await openPGlite(directory);
  } catch (error) {
    throw new Error(
      `Cannot open the database in ${directory}. Restore that directory from a backup, or move it away to start with an empty one.`,
      { cause: error },
    );
  }
}

async function run<Row extends object>(
  connection: PGlite | Transaction,
  statement: Statement,
): Promise<readonly Row[]> {
  try {
    const result = await connection.query<Row>(statement.text, [...(statement.values ?? [])]);
    return result.rows;
  } catch (error) {
    throw databaseError(statement.operation, error);
  }
}

/** Postgres inside this process, for one instance with a directory of its own. */
class EmbeddedDatabase implements Database {
  readonly #pglite: PGlite;
  readonly #release: () => void;
  #running = 0;

  constructor(pglite: PGlite, release: () => void) {
    this.#pglite = pglite;
    this.#release = release;
  }

  async query<Row extends object>(statement: Statement): Promise<readonly Row[]> {
    return this.#counted(() => run<Row>(this.#pglite, statement));
  }

  async transaction<Result>(body: (transaction: Queryable) => Promise<Result>): Promise<Result> {
    return this.#counted(() =>
      this.#pglite.transaction((transaction) =>
        body({ query: (statement: Statement) => run(transaction, statement) }),
      ),
    );
  }

  async ping(): Promise<void> {
    await this.query({ operation: 'ping', text: 'select 1' });
  }

  /** There is one connection; further statements wait for it. */
  poolState(): PoolState {
    return this.#running > 0 ? { inUse: 1, idle: 0 } : { inUse: 0, idle: 1 };
  }

  async listen(channel: string, onNotification: () => void): Promise<Listener> {
    const stop = await this.#pglite
      .listen(channel, () => onNotification())
      .catch((error: unknown) => {
        throw databaseError('revocation_list', error);
      });
    return { query: (statement) => this.query(statement), close: () => stop() };
  }

  async close(): Promise<void> {
    await this.#pglite.close();
    this.#release();
  }

  async #counted<Result>(task: () => Promise<Result>): Promise<Result> {
    this.#running += 1;
    try {
      return await task();
    } finally {
      this.#running -= 1;
    }
  }
}

/**
 * Opens the embedded database under `directory`, making both when they are missing.
 *
 * @throws {SettingsError} when the directory cannot be written or another process holds it.
 */
export async function openEmbeddedDatabase(directory: string): Promise<Database> {
  const release = claimDataDirectory(directory);
  try {
    return new EmbeddedDatabase(await openCluster(join(directory, 'postgres')), release);
  } catch (error) {
    release();
    throw error;
  }
}
