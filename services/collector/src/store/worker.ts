import { parentPort, workerData } from 'node:worker_threads';
import { Account } from './account.ts';
import { answer } from './answers.ts';
import { BatchWriter } from './batch-writer.ts';
import { type Database, openDatabase } from './database.ts';
import type { EncodedBatch } from './encode.ts';
import { toErrorMessage } from './errors.ts';
import { GroupCommitter } from './group-committer.ts';
import { Maintenance } from './maintenance.ts';
import type { Reply, Request } from './protocol.ts';
import { ReaderPool } from './reader-pool.ts';
import { loadRegistries, type Registries } from './registries.ts';
import { SerialQueue } from './serial-queue.ts';
import type { StoreSettings } from './settings.ts';

interface Parts {
  account: Account;
  database: Database;
  readers: ReaderPool;
  registries: Registries;
  queue: SerialQueue;
  writer: BatchWriter;
  committer: GroupCommitter;
  maintenance: Maintenance;
}

if (parentPort === null) throw new Error('store/worker.ts runs as a worker thread only: call openStore');
const port = parentPort;

/** One connection writes and a few read; commits, checkpoints and deletions take turns in one queue. */
async function open(settings: StoreSettings): Promise<Parts> {
  const database = await openDatabase(settings);
  const connection = await database.connect();
  const account = await Account.load(connection);
  const registries = await loadRegistries(connection, settings);
  const readers = await openReaders(database, settings);
  const queue = new SerialQueue();
  const scanConnection = await database.connect();
  const shared = { connection, scanConnection, database, queue, registries, settings, account };
  const report = () => reportStatistics({ account, database, readers });
  const maintenance = new Maintenance({ ...shared, onDone: report, onError: warn });
  const writer = new BatchWriter(connection, registries);
  const committer = new GroupCommitter({
    writer,
    queue,
    settings,
    onCommit: (outcome, durationMs) => {
      account.committed(outcome, durationMs);
      report();
      maintenance.afterCommit();
    },
    onFailedBatch: (batch, error) => {
      account.failed(batch);
      if (isFatal(error)) setImmediate(() => fail(error));
    },
  });
  return { account, database, readers, registries, queue, writer, committer, maintenance };
}

async function openReaders(database: Database, settings: StoreSettings): Promise<ReaderPool> {
  const connections = [];
  for (let count = 0; count < settings.maxConcurrentQueries; count += 1) {
    connections.push(await database.connect());
  }
  return new ReaderPool({ connections, settings });
}

function handle(request: Request, parts: Parts): Promise<unknown> {
  switch (request.type) {
    case 'append':
      return append(request.batch, parts);
    case 'read':
      return parts.readers
        .run((reader) => answer(request, { reader, registries: parts.registries }))
        .finally(() => reportStatistics(parts));
    case 'close':
      return close(parts);
  }
}

async function append(batch: EncodedBatch, { account, committer, database }: Parts): Promise<void> {
  database.checkRoom();
  account.received(batch);
  await committer.append(batch);
}

async function close({ committer, queue, writer, maintenance, readers, database }: Parts): Promise<void> {
  await committer.drain();
  await queue.run(() => writer.close());
  await maintenance.stop();
  await readers.close();
  database.close();
}

function reportStatistics({
  account,
  database,
  readers,
}: Pick<Parts, 'account' | 'database' | 'readers'>): void {
  const statistics = account.snapshot({ ...database.sizes(), ...readers.activity() });
  reply({ type: 'statistics', statistics });
}

function reply(message: Reply): void {
  port.postMessage(message);
}

function warn(error: unknown): void {
  reply({ type: 'warning', error: toErrorMessage(error) });
}

/** After such an error DuckDB refuses everything until the file is opened anew. */
function isFatal(error: unknown): boolean {
  return error instanceof Error && /FATAL|has been invalidated/.test(error.message);
}

function fail(error: unknown): never {
  throw error;
}

async function serve(settings: StoreSettings): Promise<void> {
  const parts = await open(settings);
  port.on('message', (request: Request) => {
    handle(request, parts).then(
      (result) => reply({ type: 'done', id: request.id, result }),
      (error) => reply({ type: 'failed', id: request.id, error: toErrorMessage(error) }),
    );
  });
  reportStatistics(parts);
  reply({ type: 'opened' });
}

serve(workerData).catch((error) => reply({ type: 'refused', error: toErrorMessage(error) }));
