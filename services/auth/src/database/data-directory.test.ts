import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { SettingsError } from '@ibex/service';
import { Cleanup } from '../testing/cleanup.ts';
import { claimDataDirectory } from './data-directory.ts';

describe('claimDataDirectory', () => {
  const cleanup = new Cleanup();

  it('makes a directory for its owner only and gives it back', () => {
    const path = join(cleanup.directory(), 'a', 'b');
    const release = claimDataDirectory(path);
    assert.equal(statSync(path).mode & 0o777, 0o700);
    assert.ok(existsSync(join(path, 'lock')));
    release();
    assert.ok(!existsSync(join(path, 'lock')));
    claimDataDirectory(path)();
  });

  it('refuses a directory that a live process holds, and names that process', () => {
    const path = cleanup.directory();
    const release = claimDataDirectory(path);
    assert.throws(
      () => claimDataDirectory(path),
      (error) =>
        error instanceof SettingsError &&
        error.setting === 'IBEX_DATA_DIR' &&
        error.message.includes(path) &&
        error.message.includes(`process ${process.pid}`),
    );
    release();
  });

  it('takes over from a process that is gone', async () => {
    const path = cleanup.directory();
    const gone = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await new Promise((resolve) => gone.once('exit', resolve));
    writeFileSync(join(path, 'lock'), `${gone.pid} 1\n`);
    claimDataDirectory(path)();
  });

  it('takes over from an earlier process whose id lives on in another', {
    skip: process.platform !== 'linux',
  }, () => {
    const path = cleanup.directory();
    writeFileSync(join(path, 'lock'), `${process.pid} 1\n`);
    const release = claimDataDirectory(path);
    assert.notEqual(readFileSync(join(path, 'lock'), 'utf8'), `${process.pid} 1\n`);
    release();
  });

  it('takes over a lock without meaning', () => {
    const path = cleanup.directory();
    writeFileSync(join(path, 'lock'), '');
    claimDataDirectory(path)();
  });

  it('names the path, the reason and the way out when it cannot write', () => {
    const file = join(cleanup.directory(), 'file');
    writeFileSync(file, '');
    const path = join(file, 'auth');
    assert.throws(
      () => claimDataDirectory(path),
      (error) =>
        error instanceof SettingsError &&
        error.message.includes(path) &&
        error.message.includes('ENOTDIR') &&
        error.message.includes('set IBEX_DATA_DIR'),
    );
  });
});
