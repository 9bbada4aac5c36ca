import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

interface Tally {
  passed: number;
  failed: number;
  readonly skipped: string[];
}

/** All tests that run in Node; `filters` are parts of file names. */
async function runNodeTests(filters: readonly string[], tally: Tally): Promise<void> {
  const files = ['api', 'packages', 'services', 'cli', 'scripts', 'tests', 'benchmarks', 'examples']
    .flatMap((directory) => globSync(`${directory}/**/*.test.ts`, { cwd: root }))
    .filter((file) => !/node_modules|console\/web\//.test(file))
    .filter((file) => filters.length === 0 || filters.some((filter) => file.includes(filter)))
    .map((file) => join(root, file));
  if (files.length === 0) return;
  const stream = run({ files, concurrency: 2, timeout: 180_000, cwd: root });
  stream.on('test:pass', (event) => {
    if (event.skip !== undefined && event.skip !== false) tally.skipped.push(`${event.name}: ${event.skip}`);
    else if (event.todo === undefined && event.details.type !== 'suite') tally.passed++;
  });
  stream.on('test:fail', (event) => {
    // A suite that fails only because a test in it failed is not one more failure.
    const cause = (event.details.error as { failureType?: string } | undefined)?.failureType;
    if (cause !== 'subtestsFailed') tally.failed++;
  });
  stream.compose(new spec()).pipe(process.stdout, { end: false });
  await new Promise((resolve) => stream.on('end', resolve));
}

/** The web app's tests. */
function runWebTests(filters: readonly string[], tally: Tally): void {
  const wanted = filters.length === 0 || filters.some((filter) => 'services/console/web'.includes(filter));
  if (!wanted) return;
  const directory = mkdtempSync(join(tmpdir(), 'ibex-web-tests-'));
  const report = join(directory, 'report.json');
  const webRoot = join(root, 'services/console/web');
  const vitest = join(
    dirname(createRequire(join(webRoot, 'package.json')).resolve('vitest/package.json')),
    'vitest.mjs',
  );
  const args = [vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { status } = spawnSync(process.execPath, args, { cwd: webRoot, stdio: 'inherit' });
  try {
    const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(report, 'utf8'));
    tally.passed += numPassedTests;
    tally.failed += numFailedTests === 0 && status !== 0 ? 1 : numFailedTests;
    if (numPendingTests > 0) tally.skipped.push(`${numPendingTests} tests of the web app`);
  } catch {
    tally.failed++;
  }
  rmSync(directory, { recursive: true });
}

const filters = process.argv.slice(2);
const tally: Tally = { passed: 0, failed: 0, skipped: [] };
await runNodeTests(filters, tally);
runWebTests(filters, tally);

for (const name of tally.skipped) process.stdout.write(`skipped: ${name}\n`);
const refused = process.env.CI === 'true' && tally.skipped.length > 0;
if (refused) process.stdout.write('CI leaves no suite out: what is skipped above counts as failed.\n');
const failed = tally.failed + (refused ? tally.skipped.length : 0);
process.stdout.write(`\n${tally.passed} passed, ${failed} failed\n`);
process.exit(failed === 0 && tally.passed > 0 ? 0 : 1);
