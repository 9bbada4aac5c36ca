import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Cleanup } from '../testing/cleanup.ts';
import { type DatabasePlace, databaseKinds } from '../testing/databases.ts';
import { type Database, DatabaseError } from './database.ts';
import { MigrationError, migrate } from './migrate.ts';
import { type Migration, migrations } from './migrations.ts';

const last = migrations.at(-1)?.version ?? 0;

function next(...statements: string[]): readonly Migration[] {
  return [...migrations, { version: last + 1, name: 'next', statements }];
}

for (const kind of databaseKinds) {
  describe(`migrate: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();
    let place: DatabasePlace;
    let database: Database;

    const exists = async (table: string) => {
      const [row] = await database.query<{ found: boolean }>({
        operation: 'migrate',
        text: 'select to_regclass($1) is not null as found',
        values: [table],
      });
      return row?.found;
    };

    before(async () => {
      place = await kind.createPlace(cleanup);
      database = await place.open();
      cleanup.add(() => database.close());
    });

    it('applies every step once, also when several callers start together', async () => {
      const applied = await Promise.all([migrate(database), migrate(database), migrate(database)]);
      assert.deepEqual(
        applied.flat().map(({ version }) => version),
        migrations.map(({ version }) => version),
      );
      assert.deepEqual(await migrate(database), []);
    });

    it('applies a step whole or not at all', async () => {
      const broken = next('create table half (id int)', 'create table half (id int)');
      await assert.rejects(migrate(database, broken), DatabaseError);
      assert.equal(await exists('half'), false);
      assert.deepEqual((await migrate(database, next('create table half (id int)'))).length, 1);
      assert.equal(await exists('half'), true);
    });

    it('waits for a step that takes longer than anything else may', async () => {
      const steps = [
        ...next(),
        {
          version: last + 2,
          name: 'long',
          statements: [
            "create table patience as select current_setting('statement_timeout') as of_server",
            'select pg_sleep(2.5)',
          ],
        },
      ];
      assert.equal((await migrate(database, steps)).length, 1);
      const [row] = await database.query<{ of_server: string }>({
        operation: 'migrate',
        text: 'select of_server from patience',
      });
      assert.equal(row?.of_server, '0');
    });

    it('refuses a schema newer than the release', async () => {
      await assert.rejects(
        migrate(database),
        (error) => error instanceof MigrationError && error.message.includes(`schema version ${last + 2}`),
      );
    });
  });
}

describe('the steps of the schema', () => {
  it('are numbered from 1 without a gap', () => {
    assert.deepEqual(
      migrations.map(({ version }) => version),
      migrations.map((_, index) => index + 1),
    );
  });
});
