import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Queryable } from './database.ts';
import { type Migration, migrations as shippedMigrations } from './migrations.ts';

/** Any number no other program locks: held by the one instance that migrates. */
const lockKey = 7_193_448_210;
const retryMs = 250;
/** An index over years of records takes its time, and a step that is given up would be begun anew at each start. */
const stepTimeoutMs = 3_600_000;
const attemptLimit = 240;

/** A schema this release cannot work with, or that another instance never stopped changing. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

async function tryLock(transaction: Queryable): Promise<boolean> {
  const [row] = await transaction.query<{ locked: boolean }>({
    operation: 'migrate',
    text: `select pg_try_advisory_xact_lock(${lockKey}) as locked`,
  });
  return row?.locked === true;
}

async function appliedVersion(transaction: Queryable): Promise<number> {
  await transaction.query({
    operation: 'migrate',
    text: `create table if not exists schema_migrations (
      version integer primary key,
      name text not null,
      applied_at timestamptz not null default now()
    )`,
  });
  const [row] = await transaction.query<{ version: number }>({
    operation: 'migrate',
    text: 'select coalesce(max(version), 0) as version from schema_migrations',
  });
  return row?.version ?? 0;
}

async function apply(transaction: Queryable, migration: Migration): Promise<void> {
  await transaction.query({ operation: 'migrate', text: 'set local statement_timeout = 0' });
  for (const text of migration.statements) {
    await transaction.query({ operation: 'migrate', text, timeoutMs: stepTimeoutMs });
  }
  await transaction.query({
    operation: 'migrate',
    text: 'insert into schema_migrations (version, name) values ($1, $2)',
    values: [migration.version, migration.name],
  });
}

async function migrateLocked(
  transaction: Queryable,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const present = await appliedVersion(transaction);
  const known = migrations.at(-1)?.version ?? 0;
  if (present > known) {
    throw new MigrationError(
      `The database has schema version ${present} and this release knows up to ${known}. Run the release that wrote it, or a newer one.`,
    );
  }
  const missing = migrations.filter((migration) => migration.version > present);
  for (const migration of missing) await apply(transaction, migration);
  return missing;
}

/**
 * Brings the schema to this release's version in one transaction, alone: instances that start together wait for
 * the one that got the lock.
 *
 * @returns The steps this call applied.
 * @throws MigrationError when the schema is newer than this release, or the lock is not to be had for a minute.
 */
export async function migrate(
  database: Database,
  migrations: readonly Migration[] = shippedMigrations,
): Promise<readonly Migration[]> {
  for (let attempt = 0; attempt < attemptLimit; attempt += 1) {
    const applied = await database.transaction(async (transaction) =>
      (await tryLock(transaction)) ? migrateLocked(transaction, migrations) : undefined,
    );
    if (applied !== undefined) return applied;
    await sleep(retryMs);
  }
  throw new MigrationError(
    `Another instance has been changing the database's schema for ${(attemptLimit * retryMs) / 1000} s. See what holds advisory lock ${lockKey} and start again.`,
  );
}
