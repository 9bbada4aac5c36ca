import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { waitForLeftBehind } from './left-behind.ts';
import { isStillRunning, markProcess } from './process-identity.ts';

async function start(source: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', `${source}; console.log('up')`], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  await once(child.stdout, 'data');
  return child;
}

function count(): { onWait: () => void; waits: () => number } {
  let waits = 0;
  const onWait = () => {
    waits += 1;
  };
  return { onWait, waits: () => waits };
}

test('a process that ends by itself is waited for', async () => {
  const child = await start("process.stdin.on('end', () => process.exit()).resume()");
  const mark = markProcess(child.pid ?? 0);
  const { onWait, waits } = count();
  child.stdin?.end();
  await waitForLeftBehind([mark], { patienceMs: 20_000, onWait });
  assert.equal(isStillRunning(mark), false);
  assert.ok(waits() <= 1);
});

test('a process that stays is ended', async () => {
  const child = await start("process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)");
  const mark = markProcess(child.pid ?? 0);
  const { onWait, waits } = count();
  await waitForLeftBehind([mark], { patienceMs: 200, onWait });
  assert.equal(isStillRunning(mark), false);
  assert.equal(waits(), 1);
});

test('another process with the id of one that is gone is left alone', async () => {
  const { onWait, waits } = count();
  await waitForLeftBehind([{ pid: process.pid, startMark: 'another start' }], { patienceMs: 0, onWait });
  assert.equal(waits(), 0);
});
