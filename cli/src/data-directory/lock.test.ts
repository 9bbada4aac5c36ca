import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { lockDataDirectory } from './lock.ts';
import { markProcess } from './process-identity.ts';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ibex-lock-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function leaveLock(content: string): void {
  writeFileSync(join(directory, 'ibex.lock'), content);
}

test('a lock is taken, and nothing is left when it is released', () => {
  const lock = lockDataDirectory(directory);
  assert.deepEqual(lock.leftBehind, []);
  assert.deepEqual(readdirSync(directory), ['ibex.lock']);
  lock.release();
  assert.deepEqual(readdirSync(directory), []);
});

test('a second holder is refused with the id of the first', () => {
  const lock = lockDataDirectory(directory);
  assert.throws(() => lockDataDirectory(directory), {
    name: 'UserError',
    message: new RegExp(`already runs on ${directory} \\(pid ${process.pid}\\)`),
  });
  lock.release();
});

test('the lock of a process that is gone is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  const started = { auth: { pid: 7, startMark: 'mark' }, proxy: 'no mark' };
  leaveLock(JSON.stringify({ pid: child.pid, startMark: '', started }));
  const lock = lockDataDirectory(directory);
  assert.deepEqual(lock.leftBehind, [started.auth]);
  assert.deepEqual(readdirSync(directory), ['ibex.lock']);
  lock.release();
});

test('the lock of an earlier process with the id of a present one is taken over', () => {
  leaveLock(JSON.stringify({ pid: process.pid, startMark: 'another start' }));
  lockDataDirectory(directory).release();
});

test('a lock that cannot be read is taken over', () => {
  leaveLock('{"pid":');
  lockDataDirectory(directory).release();
});

test('a lock that someone else took meanwhile is not released', () => {
  const lock = lockDataDirectory(directory);
  leaveLock(JSON.stringify(markProcess(1)));
  lock.release();
  assert.equal(existsSync(join(directory, 'ibex.lock')), true);
});

test('started processes are noted for the next holder', () => {
  const lock = lockDataDirectory(directory);
  lock.noteStarted('auth', process.pid);
  const { pid, started } = JSON.parse(readFileSync(join(directory, 'ibex.lock'), 'utf8'));
  assert.equal(pid, process.pid);
  assert.deepEqual(started, { auth: markProcess(process.pid) });
  lock.release();
  assert.deepEqual(readdirSync(directory), []);
});

test('a process keeps its mark, and two processes differ', () => {
  assert.deepEqual(markProcess(process.pid), markProcess(process.pid));
  assert.notEqual(markProcess(process.pid).startMark, markProcess(process.ppid).startMark);
});
