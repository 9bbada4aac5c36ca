import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { Cleanup } from '../testing/cleanup.ts';
import { databaseKinds } from '../testing/databases.ts';
import { type Database, DatabaseError } from './database.ts';

for (const kind of databaseKinds) {
  describe(`Database: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();
    let database: Database;

    const count = async () => {
      const text = 'select count(*)::int as count from things';
      const [row] = await database.query<{ count: number }>({ operation: 'token_list', text });
      return row?.count;
    };
    const insert = (name: string) =>
      ({ operation: 'token_insert', text: 'insert into things (name) values ($1)', values: [name] }) as const;

    before(async () => {
      database = await (await kind.createPlace(cleanup)).open();
      cleanup.add(() => database.close());
      await database.query({ operation: 'migrate', text: 'create table things (name text unique)' });
    });

    it('answers a ping', () => database.ping());

    it('binds and returns every kind of value', async () => {
      const now = new Date();
      const [row] = await database.query({
        operation: 'token_find',
        text: `select $1::text as text, $2::int as whole, $3::boolean as yes, $4::timestamptz as instant,
          $5::bytea as bytes, $6::text as nothing, $7::text::jsonb as json, $8::bigint::text as big`,
        values: [
          "'; drop table things; --",
          42,
          true,
          now,
          Uint8Array.of(0, 255),
          null,
          '{"a":[1]}',
          '9007199254740993',
        ],
      });
      const { bytes, ...rest } = row as { bytes: Uint8Array };
      assert.deepEqual([...bytes], [0, 255]);
      assert.deepEqual(rest, {
        text: "'; drop table things; --",
        whole: 42,
        yes: true,
        instant: now,
        nothing: null,
        json: { a: [1] },
        big: '9007199254740993',
      });
    });

    it('keeps what a transaction did, or nothing of it', async () => {
      await database.transaction(async (transaction) => {
        await transaction.query(insert('kept'));
      });
      const failing = database.transaction(async (transaction) => {
        await transaction.query(insert('lost'));
        throw new Error('changed my mind');
      });
      await assert.rejects(failing, /changed my mind/);
      assert.equal(await count(), 1);
    });

    it('wraps what the database refuses, and works on', async () => {
      const refused = database.query({ operation: 'token_find', text: 'select * from nowhere' });
      await assert.rejects(refused, (error) => error instanceof DatabaseError && !error.unavailable);
      const duplicate = database.transaction(async (transaction) => {
        await transaction.query(insert('kept'));
      });
      await assert.rejects(duplicate, (error) => error instanceof DatabaseError && !error.unavailable);
      assert.equal(await count(), 1);
    });

    it('serves many at once', async () => {
      const names = Array.from({ length: 50 }, (_, index) => `many ${index}`);
      await Promise.all(
        names.map((name) => database.transaction((transaction) => transaction.query(insert(name)))),
      );
      assert.equal(await count(), 51);
    });

    it('tells busy connections from idle ones', async () => {
      let during = { inUse: 0, idle: 0 };
      await database.transaction(async (transaction) => {
        await transaction.query({ operation: 'ping', text: 'select 1' });
        during = database.poolState();
      });
      assert.equal(during.inUse, 1);
      const after = database.poolState();
      assert.equal(after.inUse, 0);
      assert.ok(after.idle >= 1);
    });
  });
}
