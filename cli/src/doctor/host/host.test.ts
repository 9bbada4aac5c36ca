import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { checkDataDirectory } from './disk-space.ts';
import { checkNodeVersion } from './node-version.ts';

test('a Node that strips types is needed', () => {
  assert.equal(checkNodeVersion('24.0.0').status, 'ok');
  assert.equal(checkNodeVersion('25.1.0').status, 'ok');
  const old = checkNodeVersion('20.19.1');
  assert.equal(old.status, 'problem');
  assert.match(old.advice ?? '', /npm start/);
});

test('the data directory is there, or can be made, and is a directory', (context) => {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-data-'));
  context.after(() => rmSync(directory, { recursive: true }));
  assert.match(checkDataDirectory(directory).message, /, there, [\d.]+ [GM]iB free$/);
  assert.match(checkDataDirectory(join(directory, 'a/b')).message, /a\/b, not made yet, /);
  const file = join(directory, 'file');
  writeFileSync(file, '');
  const { status, message, advice } = checkDataDirectory(join(file, 'data'));
  assert.equal(status, 'problem');
  assert.match(message, /is no directory/);
  assert.match(advice ?? '', /IBEX_DATA_DIR/);
});
