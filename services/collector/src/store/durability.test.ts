import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { NOON_UNIX_MS } from './testing/records.ts';
import { temporaryDirectory, temporaryStore } from './testing/temporary-store.ts';
import type { Store } from './types.ts';

const CHILD = fileURLToPath(new URL('./testing/append-until-killed.ts', import.meta.url));

/** Runs the appending process and kills it without warning. @returns the acknowledged trace ids. */
async function appendAndKill(directory: string, acknowledgements: number): Promise<string[]> {
  const child = spawn(process.execPath, [CHILD, directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const acknowledged: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(line);
    if (acknowledged.length === acknowledgements) child.kill('SIGKILL');
  }
  const [, signal] = await exited;
  assert.equal(signal, 'SIGKILL');
  return acknowledged;
}

async function assertStored(store: Store, traceIds: string[]): Promise<void> {
  for (const traceId of traceIds) {
    assert.equal((await store.getTrace(traceId))?.spanCount, 5, `spans of ${traceId}`);
    const range = { startUnixMs: NOON_UNIX_MS, endUnixMs: NOON_UNIX_MS + 1 };
    const lines = await store.searchLogs({ ...range, phrases: [], requestId: traceId, limit: 2 });
    assert.equal(lines.rows.length, 1, `lines of ${traceId}`);
  }
}

test('what was acknowledged is there after the process was killed, again and again', async (context) => {
  const directory = await temporaryDirectory(context);
  const acknowledged: string[] = [];
  for (const count of [1, 40, 150]) {
    acknowledged.push(...(await appendAndKill(directory, count)));
    const store = await temporaryStore(context, { directory });
    await assertStored(store, acknowledged);
    const { spans, logs, samples } = store.statistics().rows;
    assert.ok(samples >= acknowledged.length, 'samples');
    assert.deepEqual([spans, logs], [samples * 5, samples], 'no batch is kept in part');
    await store.close();
  }
});
