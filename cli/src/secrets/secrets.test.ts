import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { prepareSecrets } from './secrets.ts';

let directory = '';

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'ibex-secrets-'));
});

afterEach(() => rmSync(directory, { recursive: true }));

function modeOf(path: string): number {
  return statSync(path).mode & 0o777;
}

test('secrets are 32 random bytes, each for its owner alone', () => {
  const secrets = prepareSecrets(directory);
  assert.equal(modeOf(join(directory, 'secrets')), 0o700);
  const files = [secrets.tokenHashKeyFile, secrets.queryTokenFile, secrets.loginCodeFile];
  for (const file of files) {
    assert.equal(modeOf(file), 0o600);
    assert.equal(Buffer.from(readFileSync(file, 'utf8'), 'base64url').length, 32);
  }
  assert.equal(new Set(files.map((file) => readFileSync(file, 'utf8'))).size, 3);
  assert.equal(readFileSync(secrets.loginCodeFile, 'utf8'), secrets.loginCode);
});

test('keys last from start to start; the login code does not', () => {
  const first = prepareSecrets(directory);
  const key = readFileSync(first.tokenHashKeyFile, 'utf8');
  const token = readFileSync(first.queryTokenFile, 'utf8');
  const second = prepareSecrets(directory);
  assert.equal(readFileSync(second.tokenHashKeyFile, 'utf8'), key);
  assert.equal(readFileSync(second.queryTokenFile, 'utf8'), token);
  assert.notEqual(second.loginCode, first.loginCode);
});

test('modes that were widened are narrowed again', () => {
  const { tokenHashKeyFile } = prepareSecrets(directory);
  chmodSync(join(directory, 'secrets'), 0o755);
  chmodSync(tokenHashKeyFile, 0o644);
  prepareSecrets(directory);
  assert.equal(modeOf(join(directory, 'secrets')), 0o700);
  assert.equal(modeOf(tokenHashKeyFile), 0o600);
});

test('a damaged key is never replaced in silence, and never shown', () => {
  const { tokenHashKeyFile } = prepareSecrets(directory);
  writeFileSync(tokenHashKeyFile, 'half-a-ke');
  assert.throws(
    () => prepareSecrets(directory),
    (error: Error) => {
      assert.match(
        error.message,
        /token-hash-key must hold 43 characters of base64url, and does not\. Restore it/,
      );
      assert.doesNotMatch(error.message, /half-a-ke/);
      return true;
    },
  );
});
