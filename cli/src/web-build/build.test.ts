import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { planWebBuild } from './build.ts';

/** A builder with vite's command line that copies the page. */
const builder = `
  const { cpSync, mkdirSync } = require('node:fs');
  const output = process.argv[process.argv.indexOf('--outDir') + 1];
  mkdirSync(output, { recursive: true });
  cpSync('index.html', output + '/index.html');
`;

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ibex-web-'));
  write('package-lock.json', '{}');
  write('services/console/web/package.json', '{}');
  write('services/console/web/index.html', 'one');
  write('services/console/web/src/main.tsx', 'main');
  write('node_modules/vite/package.json', '{"bin":{"vite":"bin/vite.js"}}');
  write('node_modules/vite/bin/vite.js', builder);
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

function build(): Promise<void> {
  return planWebBuild(root).run({ signal: new AbortController().signal });
}

function page(): string {
  return readFileSync(join(root, 'services/console/web/dist/index.html'), 'utf8');
}

test('the first start builds, the next does not', async () => {
  assert.equal(planWebBuild(root).isNeeded, true);
  await build();
  assert.equal(planWebBuild(root).isNeeded, false);
  assert.equal(page(), 'one');
});

const changes: readonly (readonly [string, string])[] = [
  ['services/console/web/src/main.tsx', 'changed'],
  ['services/console/web/src/new.ts', ''],
  ['services/console/web/public/icon.svg', ''],
  ['services/console/web/vite.config.ts', ''],
  ['package-lock.json', '{"changed":true}'],
];
for (const [path, content] of changes) {
  test(`a change of ${path} asks for a build`, async () => {
    await build();
    write(path, content);
    assert.equal(planWebBuild(root).isNeeded, true);
  });
}

test('a change of a test does not', async () => {
  await build();
  write('services/console/web/src/main.test.tsx', 'new');
  assert.equal(planWebBuild(root).isNeeded, false);
});

test('a new build takes the place of the old one, and leaves nothing else behind', async () => {
  await build();
  write('services/console/web/dist/assets/old.js', '');
  write('services/console/web/index.html', 'two');
  await build();
  assert.equal(page(), 'two');
  assert.equal(existsSync(join(root, 'services/console/web/dist/assets')), false);
  assert.deepEqual(readdirSync(join(root, 'node_modules/.cache')), []);
});

test('a build that fails shows why and leaves the old one in place', async () => {
  await build();
  write('node_modules/vite/bin/vite.js', "console.error('no such import'); process.exit(1)");
  write('services/console/web/index.html', 'two');
  await assert.rejects(build(), {
    name: 'UserError',
    message: 'The web console could not be built: vite ended with exit code 1; its last lines are above.',
    context: ['no such import'],
  });
  assert.equal(page(), 'one');
  assert.equal(planWebBuild(root).isNeeded, true);
});
