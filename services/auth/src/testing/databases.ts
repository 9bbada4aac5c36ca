import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { postgresPrograms, startPostgres } from '../../../../tests/src/support/postgres.ts';
import { skipWithout } from '../../../../tests/src/support/programs.ts';
import type { Database } from '../database/database.ts';
import { openEmbeddedDatabase } from '../database/embedded.ts';
import { openPostgresDatabase } from '../database/postgres.ts';
import type { Cleanup } from './cleanup.ts';
import { clusterTemplate } from './cluster-template.ts';

/** Where a database is: what the service is told, and how a test opens it while the service does not. */
export interface DatabasePlace {
  readonly environment: Readonly<Record<string, string>>;
  open(): Promise<Database>;
}

/** One of the two databases the service runs on. Every suite about the database runs on both. */
export interface DatabaseKind {
  readonly name: string;
  readonly skip: string | false;
  /** An empty one of its own. */
  createPlace(cleanup: Cleanup): Promise<DatabasePlace>;
}

const embedded: DatabaseKind = {
  name: 'embedded database',
  skip: false,
  createPlace: async (cleanup) => {
    const directory = cleanup.directory();
    await cp(await clusterTemplate(), join(directory, 'auth', 'postgres'), { recursive: true });
    return {
      environment: { IBEX_DATA_DIR: directory },
      open: () => openEmbeddedDatabase(join(directory, 'auth')),
    };
  },
};

const postgres: DatabaseKind = {
  name: 'Postgres server',
  skip: skipWithout(...postgresPrograms),
  createPlace: async (cleanup) => {
    const server = await startPostgres();
    cleanup.add(() => server.dispose());
    const url = await server.createDatabase();
    return {
      environment: { DATABASE_URL: url },
      open: async () => openPostgresDatabase({ url, maximumConnections: 4 }),
    };
  },
};

export const databaseKinds: readonly DatabaseKind[] = [embedded, postgres];
