import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildPackage, publishedPackages } from './build-packages.ts';

const project = mkdtempSync(join(tmpdir(), 'ibex-packages-'));
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
const { NODE_OPTIONS: _nodeOptions, ...environment } = process.env;

function run(command: string, ...args: string[]): string {
  return execFileSync(command, args, { cwd: project, encoding: 'utf8', env: environment });
}

const body = `
const telemetry = startTelemetry({
  contract: ibexContract,
  service: 'proxy',
  environment: { OTEL_SAMPLE_RATIO: '1' },
  exporter: { export: async (spans) => { names.push(...spans.map(({ name }) => name)); return { outcome: 'accepted' }; }, close() {} },
  destination: { write() {}, flush() {} },
});
trace.getTracer('library').startSpan('from the API').end();
const server = createServer(observeHttp(telemetry, (_request, response) => response.end('hello'), { route: () => '/hello' }));
server.listen(0, async () => {
  const answer = await fetch(\`http://localhost:\${server.address().port}/hello\`);
  const traced = /^[0-9a-f]{32}$/.test(answer.headers.get('x-trace-id'));
  server.close();
  server.closeAllConnections();
  await telemetry.stop();
  console.log(JSON.stringify([await answer.text(), traced, names.sort()]));
});
`;
const imports: readonly (readonly [names: string, from: string])[] = [
  ['createServer', 'node:http'],
  ['ibexContract', '@ibex/contract'],
  ['startTelemetry', '@ibex/telemetry'],
  ['observeHttp', '@ibex/telemetry/http/node'],
  ['trace', '@opentelemetry/api'],
];
function importLines(lines: typeof imports): string {
  return lines.map(([names, from]) => `import { ${names} } from '${from}';`).join('\n');
}

const expected = ['hello', true, ['GET /hello', 'from the API']];

describe('published packages', () => {
  before(() => {
    const tarballs = publishedPackages.map((name) => {
      const built = join(project, 'built', name);
      buildPackage(name, built);
      return JSON.parse(run('npm', 'pack', built, '--json', '--loglevel=error'))[0].filename as string;
    });
    const dependencies = Object.fromEntries(
      publishedPackages.map((name, index) => [`@ibex/${name}`, `file:./${tarballs[index]}`]),
    );
    writeFileSync(
      join(project, 'package.json'),
      JSON.stringify({ name: 'user', private: true, dependencies }),
    );
    run('npm', 'install', '--prefer-offline', '--omit=peer', '--no-audit', '--no-fund', '--loglevel=error');
  });

  after(() => rmSync(project, { recursive: true }));

  test('run as ES modules, without a loader', () => {
    writeFileSync(join(project, 'program.mjs'), `${importLines(imports)}\nconst names = [];${body}`);
    assert.deepEqual(JSON.parse(run(process.execPath, 'program.mjs')), expected);
  });

  test('run from CommonJS through require', () => {
    const head = imports.map(([names, from]) => `const { ${names} } = require('${from}');`).join('\n');
    writeFileSync(join(project, 'program.cjs'), `${head}\nconst names = [];${body}`);
    assert.deepEqual(JSON.parse(run(process.execPath, 'program.cjs')), expected);
  });

  test('say how to get what a setting needs and is not installed, and go on without it', () => {
    const program = `${importLines(imports.slice(1, 3))}
const telemetry = startTelemetry({
  contract: ibexContract,
  service: 'proxy',
  environment: { SENTRY_DSN: 'https://d5a4b7c1@localhost/1' },
});
telemetry.logger.error('first', { error: new Error('before anyone knows') });
setTimeout(async () => {
  telemetry.logger.error('second', { error: new Error('afterwards') });
  await telemetry.stop();
}, 500);
`;
    writeFileSync(join(project, 'program.mjs'), program);
    const output = run(process.execPath, 'program.mjs');
    assert.match(
      output,
      /"level":"WARN","msg":"errors are not sent to Sentry: run \\"npm install @sentry\/core\\"/,
    );
    assert.equal(output.trim().split('\n').length, 3);
    assert.ok(!output.includes('d5a4b7c1'));
  });

  test('the ESLint plugin is imported and required as configurations do', () => {
    const say = 'console.log(ibex.configs.recommended.length, Object.keys(ibex.rules).length);';
    writeFileSync(join(project, 'config.mjs'), `import ibex from '@ibex/eslint-plugin';\n${say}`);
    writeFileSync(join(project, 'config.cjs'), `const ibex = require('@ibex/eslint-plugin');\n${say}`);
    for (const file of ['config.mjs', 'config.cjs']) assert.match(run(process.execPath, file), /^2 \d+\n$/);
  });

  test('bring their types, without those of frameworks that are not installed', () => {
    writeFileSync(
      join(project, 'program.ts'),
      `${importLines([...imports, ['expressTelemetry', '@ibex/telemetry/http/express']])}
const telemetry = startTelemetry({ contract: ibexContract, service: 'proxy' });
telemetry.metrics.counter('ibex_proxy_rate_limited_total').increment({ result: 'allowed' });
export const wrapped = [createServer(observeHttp(telemetry, () => {})), expressTelemetry(telemetry), trace];
`,
    );
    writeFileSync(
      join(project, 'tsconfig.json'),
      JSON.stringify({
        compilerOptions: {
          module: 'nodenext',
          target: 'es2024',
          strict: true,
          noEmit: true,
          skipLibCheck: true,
          types: ['node'],
          typeRoots: [join(import.meta.dirname, '../node_modules/@types')],
        },
        files: ['program.ts'],
      }),
    );
    assert.equal(run(process.execPath, compiler, '-p', 'tsconfig.json'), '');
  });

  test('export only what is there, carry no tests, and need no more than the README says', () => {
    for (const name of publishedPackages) {
      const directory = join(project, 'node_modules/@ibex', name);
      const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
      for (const target of Object.values(manifest.exports) as (string | Record<string, string>)[]) {
        for (const file of typeof target === 'string' ? [target] : Object.values(target)) {
          assert.equal(globSync(file, { cwd: directory }).length, 1, `${name}: ${file}`);
        }
      }
      assert.deepEqual(globSync('**/*.test.*', { cwd: directory, exclude: ['node_modules'] }), []);
      const count = Object.keys(manifest.dependencies).length;
      assert.match(
        readFileSync(join(directory, 'README.md'), 'utf8'),
        new RegExp(`\\*\\*${count} runtime dependenc`),
      );
    }
  });
});
