import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const fixtures = fileURLToPath(new URL('../type-tests', import.meta.url));
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** The lines that the compiler refuses, e.g. `refused.ts:5`. */
function refusedLines(): string[] {
  const { stdout, error } = spawnSync(
    process.execPath,
    [compiler, '-p', fixtures, '--pretty', 'false', '--noEmit'],
    { encoding: 'utf8', cwd: fixtures },
  );
  assert.equal(error, undefined);
  const places = [...stdout.matchAll(/^(\S+?)\((\d+),\d+\): error/gm)].map(
    ([, file, line]) => `${file}:${line}`,
  );
  return [...new Set(places)];
}

test('an unknown metric, label, label value, log field or audit key does not compile, and what is known does', () => {
  const marked = readFileSync(join(fixtures, 'refused.ts'), 'utf8')
    .split('\n')
    .flatMap((line, index) => (line.endsWith('// refused') ? [`refused.ts:${index + 1}`] : []));

  assert.ok(marked.length >= 16);
  assert.deepEqual(refusedLines(), marked);
});
