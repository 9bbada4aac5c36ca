import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { checkApiCopies } from './api-copies.ts';

function project(context: TestContext, copies: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-copies-'));
  context.after(() => rmSync(directory, { recursive: true }));
  for (const [place, version] of Object.entries(copies)) {
    const path = join(directory, place, '@opentelemetry/api');
    mkdirSync(path, { recursive: true });
    writeFileSync(join(path, 'package.json'), JSON.stringify({ version }));
  }
  return directory;
}

test('one copy, or none, is well', (context) => {
  assert.equal(checkApiCopies(project(context, {})).status, 'skipped');
  assert.equal(checkApiCopies(project(context, { node_modules: '1.9.0' })).message, '1.9.0');
});

test('the same version twice is well', (context) => {
  const directory = project(context, { node_modules: '1.9.0', 'node_modules/a/node_modules': '1.9.0' });
  assert.equal(checkApiCopies(directory).message, '1.9.0, 2 copies of the same version');
});

test('different versions are named with their places, also in scopes and in stores of pnpm', (context) => {
  const directory = project(context, {
    node_modules: '1.4.1',
    'node_modules/@scope/b/node_modules': '1.9.0',
    'node_modules/.pnpm/c@1/node_modules': '1.10.0',
  });
  const { status, message, advice } = checkApiCopies(directory);
  assert.equal(status, 'warning');
  for (const version of ['1.4.1', '1.9.0', '1.10.0']) assert.ok(message.includes(`${version} in `), message);
  assert.match(advice ?? '', /"@opentelemetry\/api": "1\.10\.0"/);
});

test('different major versions are a problem', (context) => {
  const directory = project(context, { node_modules: '0.18.0', 'node_modules/a/node_modules': '1.9.0' });
  assert.equal(checkApiCopies(directory).status, 'problem');
});
