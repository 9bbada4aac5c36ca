import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { DuckDBInstance } from '@duckdb/node-api';
import { QueryOverloadedError, QueryTimeoutError, StoreClosedError } from './errors.ts';
import { type Reader, ReaderPool } from './reader-pool.ts';

/** Would run for hours. */
const ENDLESS = 'SELECT count(*) FROM range(10000000) a, range(10000000) b WHERE a.range + b.range = 7';

async function poolOf(context: TestContext, settings: { queryTimeoutMs: number; maxQueuedQueries: number }) {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const pool = new ReaderPool({ connections: [await instance.connect()], settings });
  context.after(async () => {
    await pool.close();
    instance.closeSync();
  });
  return pool;
}

const endless = (reader: Reader) => reader.rows({ sql: ENDLESS });
const quick = async (reader: Reader) => (await reader.rows({ sql: 'SELECT 42' }))[0]?.number(0);

test('a query that runs too long is interrupted, and the connection serves the next one', async (context) => {
  const pool = await poolOf(context, { queryTimeoutMs: 100, maxQueuedQueries: 1 });
  await assert.rejects(pool.run(endless), (error: Error) => {
    assert.ok(error instanceof QueryTimeoutError);
    assert.match(error.message, /stopped after 0.1 s: ask for a shorter time range/);
    return true;
  });
  assert.equal(await pool.run(quick), 42);
  assert.deepEqual(pool.activity(), { runningQueries: 0, waitingQueries: 0, timedOutQueries: 1 });
});

test('waiting counts as time, and too many waiting are refused', async (context) => {
  const pool = await poolOf(context, { queryTimeoutMs: 100, maxQueuedQueries: 1 });
  const running = pool.run(endless);
  const waiting = pool.run(endless);
  assert.deepEqual(pool.activity(), { runningQueries: 1, waitingQueries: 1, timedOutQueries: 0 });
  await assert.rejects(pool.run(quick), QueryOverloadedError);
  await assert.rejects(running, QueryTimeoutError);
  await assert.rejects(waiting, QueryTimeoutError);
});

test('closing ends what runs and refuses what waits or comes', async (context) => {
  const pool = await poolOf(context, { queryTimeoutMs: 60_000, maxQueuedQueries: 1 });
  const running = assert.rejects(pool.run(endless));
  const waiting = assert.rejects(pool.run(quick), StoreClosedError);
  const closing = pool.close();
  await assert.rejects(pool.run(quick), StoreClosedError);
  await Promise.all([running, waiting, closing]);
});
