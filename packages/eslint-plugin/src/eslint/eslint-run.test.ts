import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type TestContext, test } from 'node:test';

const eslintDirectory = dirname(createRequire(import.meta.url).resolve('eslint/package.json'));
const packageDirectory = join(import.meta.dirname, '../..');

/** A project of another repository: its sources, and an `eslint.config.js` that uses the plugin. */
function project(context: TestContext, files: Readonly<Record<string, string>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-eslint-'));
  context.after(() => rmSync(directory, { recursive: true }));
  mkdirSync(join(directory, 'node_modules/@ibex'), { recursive: true });
  symlinkSync(packageDirectory, join(directory, 'node_modules/@ibex/eslint-plugin'));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
  const config = "import ibex from '@ibex/eslint-plugin';\nexport default [...ibex.configs.recommended];\n";
  for (const [path, text] of Object.entries({ 'eslint.config.js': config, ...files })) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), text);
  }
  cpSync(join(packageDirectory, 'package.json'), join(directory, 'manifest-of-the-plugin.json'));
  return directory;
}

interface FileResult {
  readonly filePath: string;
  readonly messages: readonly { readonly ruleId: string; readonly line: number }[];
}

function runEslint(directory: string): { status: number | null; found: string[] } {
  const args = [join(eslintDirectory, 'bin/eslint.js'), '--format', 'json', '.'];
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: directory, encoding: 'utf8' });
  assert.equal(stderr, '');
  const results = JSON.parse(stdout) as FileResult[];
  const found = results.flatMap(({ filePath, messages }) =>
    messages.map(({ ruleId, line }) => `${filePath.slice(directory.length + 1)}:${line} ${ruleId}`),
  );
  return { status, found: found.toSorted() };
}

test('eslint holds a tree against the rules', (context) => {
  const directory = project(context, {
    'src/main.js': "import './server.js';\n",
    'src/server.js':
      "import express from 'express';\n\nexport const app = express();\napp.get('/', (request, response) => {\n  console.log(request.url);\n  response.send('hello');\n});\n",
    'src/worker.cjs': "const { Worker } = require('bullmq');\nnew Worker('queue', () => {});\n",
    'src/server.test.js': "console.log('a test may');\n",
  });
  const { status, found } = runEslint(directory);
  assert.equal(status, 1);
  assert.deepEqual(found, [
    'src/main.js:1 @ibex/binary-starts-telemetry',
    'src/server.js:3 @ibex/http-server-wrapped',
    'src/server.js:5 @ibex/output-sanitised',
    'src/worker.cjs:2 @ibex/consumer-span',
  ]);
});

test('a tree that keeps to them passes', (context) => {
  const directory = project(context, {
    'src/main.js':
      "import express from 'express';\nimport { ibexContract } from '@ibex/contract';\nimport { startTelemetry } from '@ibex/telemetry';\nimport { expressTelemetry } from '@ibex/telemetry/http/express';\n\nconst telemetry = startTelemetry({ contract: ibexContract, service: 'proxy' });\nconst app = express();\napp.use(expressTelemetry(telemetry));\napp.listen(8080);\n",
  });
  assert.deepEqual(runEslint(directory), { status: 0, found: [] });
});

test('a line can be excused, with a reason', (context) => {
  const directory = project(context, {
    'src/tool.js':
      '// eslint-disable-next-line @ibex/output-sanitised -- a tool for people\nconsole.log(1);\n',
  });
  assert.deepEqual(runEslint(directory), { status: 0, found: [] });
});
