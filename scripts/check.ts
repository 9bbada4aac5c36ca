import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

function bin(packageName: string, script: string): string {
  return join(dirname(require.resolve(`${packageName}/package.json`)), script);
}

/** Each check by the name it is printed under. */
const checks: readonly (readonly [name: string, script: string, args: readonly string[]])[] = [
  ['format and lint', bin('@biomejs/biome', 'bin/biome'), ['check', '--error-on-warnings', '.']],
  ['types', bin('typescript', 'bin/tsc'), ['-p', 'tsconfig.json']],
  ['types of the web app', bin('typescript', 'bin/tsc'), ['-p', 'services/console/web/tsconfig.json']],
  ['arrows', join(root, 'scripts/check-arrows.ts'), []],
  ['generated files', join(root, 'scripts/check-generated.ts'), []],
];

const failed = checks.filter(([name, script, args]) => {
  process.stdout.write(`── ${name}\n`);
  return spawnSync(process.execPath, [script, ...args], { cwd: root, stdio: 'inherit' }).status !== 0;
});

const names = failed.map(([name]) => name).join(', ');
process.stdout.write(failed.length === 0 ? 'check: all hold\n' : `check: failed: ${names}\n`);
process.exitCode = failed.length === 0 ? 0 : 1;
