import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const directory = fileURLToPath(new URL('../type-tests', import.meta.url));
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

test('what is not in the contract does not compile', () => {
  const { stdout } = spawnSync(process.execPath, [compiler, '-p', directory, '--pretty', 'false'], {
    encoding: 'utf8',
  });
  const failing = [...stdout.matchAll(/wrong-use\.ts\((\d+),\d+\): error/g)].map(([, line]) => Number(line));
  const source = readFileSync(join(directory, 'wrong-use.ts'), 'utf8').split('\n');
  const marked = source.flatMap((text, index) => (text.includes('// wrong:') ? [index + 1] : []));
  assert.ok(marked.length > 10);
  assert.deepEqual([...new Set(failing)], marked, stdout);
});
