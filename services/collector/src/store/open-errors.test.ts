import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import { StoreOpenError } from './errors.ts';
import { openStore } from './open-store.ts';
import { batch, span } from './testing/records.ts';
import { temporaryDirectory, temporaryStore } from './testing/temporary-store.ts';

function refusal(...parts: string[]) {
  return (error: Error) => {
    assert.ok(error instanceof StoreOpenError, String(error));
    for (const part of parts) assert.ok(error.message.includes(part), `'${part}' in: ${error.message}`);
    return true;
  };
}

test('a directory that cannot be made is refused by its path', async (context) => {
  const directory = await temporaryDirectory(context);
  await writeFile(join(directory, 'file'), '');
  const inside = join(directory, 'file', 'data');
  await assert.rejects(
    openStore({ directory: inside }),
    refusal(`'${inside}'`, 'cannot be made or written', 'choose another data directory'),
  );
});

test('a database file that cannot be written is refused by its path', async (context) => {
  const directory = await temporaryDirectory(context);
  const path = join(directory, 'telemetry.duckdb');
  await mkdir(path);
  await assert.rejects(openStore({ directory }), refusal(`'${path}'`));
});

test('a database another process has open is refused, naming that process', async (context) => {
  const directory = await temporaryDirectory(context);
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./testing/append-until-killed.ts', import.meta.url)), directory],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await once(child.stdout, 'data');
  await assert.rejects(
    openStore({ directory }),
    refusal(join(directory, 'telemetry.duckdb'), 'another process has it open', `PID ${child.pid}`),
  );
  child.kill('SIGKILL');
  await once(child, 'exit');
});

test('a file that is no database is refused', async (context) => {
  const directory = await temporaryDirectory(context);
  const path = join(directory, 'telemetry.duckdb');
  await writeFile(path, 'these are not the bytes of a database'.repeat(500));
  await assert.rejects(
    openStore({ directory }),
    refusal(`'${path}'`, 'damaged', 'Move it and its .wal file away'),
  );
});

test('a database whose header was overwritten is refused', async (context) => {
  const store = await temporaryStore(context);
  await store.append(batch({ spans: [span()] }));
  await store.close();
  const path = join(store.directory, 'telemetry.duckdb');
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(12_288, 0x5a), 0, 12_288, 0);
  await file.close();
  await assert.rejects(openStore({ directory: store.directory }), refusal(`'${path}'`, 'damaged'));
});

test("somebody else's database is refused and left as it is", async (context) => {
  const directory = await temporaryDirectory(context);
  const path = join(directory, 'telemetry.duckdb');
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  await connection.run(`ATTACH '${path}' AS other (BLOCK_SIZE 65536)`);
  await connection.run('CREATE TABLE other.invoices (id INTEGER)');
  connection.closeSync();
  instance.closeSync();
  await assert.rejects(openStore({ directory }), refusal(`'${path}'`, 'other tables', 'invoices'));
});

test('a database of another schema version is refused, naming both versions', async (context) => {
  const store = await temporaryStore(context);
  await store.close();
  const path = join(store.directory, 'telemetry.duckdb');
  const instance = await DuckDBInstance.create(path);
  const connection = await instance.connect();
  await connection.run("UPDATE schema_meta SET value = '99' WHERE key = 'version'");
  connection.closeSync();
  instance.closeSync();
  await assert.rejects(
    openStore({ directory: store.directory }),
    refusal(`'${path}'`, 'schema version is 99', 'version 1'),
  );
});

test('a write-ahead log cut off in the middle of an entry loses only that entry', async (context) => {
  const directory = await temporaryDirectory(context);
  const child = spawn(
    process.execPath,
    [fileURLToPath(new URL('./testing/append-until-killed.ts', import.meta.url)), directory],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const [first] = await once(child.stdout, 'data');
  const [traceId = ''] = String(first).split('\n');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await appendFile(join(directory, 'telemetry.duckdb.wal'), Buffer.from([0x40, 0x01, 0x00]));
  const store = await temporaryStore(context, { directory });
  assert.equal((await store.getTrace(traceId))?.spanCount, 5);
});

test('a store that this process has open already is refused', async (context) => {
  const { directory } = await temporaryStore(context);
  await assert.rejects(openStore({ directory }), refusal(directory, 'twice in one process'));
});
