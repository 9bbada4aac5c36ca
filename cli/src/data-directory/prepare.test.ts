import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { prepareDataDirectory } from './prepare.ts';

let parent = '';

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'ibex-data-'));
});

afterEach(() => rmSync(parent, { recursive: true }));

test('the directory is made for its owner alone, and left empty', () => {
  const directory = join(parent, 'a', 'b');
  prepareDataDirectory(directory);
  assert.equal(statSync(directory).mode & 0o777, 0o700);
  assert.deepEqual(readdirSync(directory), []);
});

test('a file in its place is refused with the path and the way on', () => {
  const path = join(parent, 'file');
  writeFileSync(path, '');
  assert.throws(() => prepareDataDirectory(path), {
    name: 'UserError',
    message: `The data directory ${path} cannot be made: it is no directory. Mend that, or set IBEX_DATA_DIR to a directory you can write.`,
  });
});

test('a file on the way to it is refused too', () => {
  writeFileSync(join(parent, 'file'), '');
  assert.throws(() => prepareDataDirectory(join(parent, 'file', 'data')), /a part of it is no directory/);
});

test('a directory that cannot be written is refused', () => {
  // Nobody can write here, not even root.
  const directory = process.platform === 'linux' ? '/proc/self/task' : '/';
  assert.throws(() => prepareDataDirectory(directory), {
    name: 'UserError',
    message: new RegExp(`^The data directory ${directory} cannot be written: `),
  });
});
