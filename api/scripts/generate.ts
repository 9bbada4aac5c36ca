import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readOperations } from './operations.ts';

const apiDirectory = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

const openapiDocuments = ['auth', 'telemetry', 'collector', 'console', 'proxy'];
const protoFiles = ['ibex/auth/v1/auth.proto', 'ibex/usage/v1/usage.proto'];

function run(packageName: string, script: string, args: readonly string[]): void {
  const directory = dirname(require.resolve(`${packageName}/package.json`));
  execFileSync(process.execPath, [join(directory, script), ...args], { cwd: apiDirectory, stdio: 'pipe' });
}

/** The operations of a document as data, for a server that makes its routes of them. */
function writeOperations(name: string): void {
  const operations = readOperations({ directory: join(apiDirectory, 'openapi'), file: `${name}.yaml` });
  const text = [
    "import type { Operation } from '../operation.ts';\n",
    `/** Every operation of \`api/openapi/${name}.yaml\`. Generated; do not edit. */`,
    `export const ${name}Operations: readonly Operation[] = ${JSON.stringify(operations, undefined, 2)};\n`,
  ];
  writeFileSync(join(apiDirectory, `src/generated/${name}-operations.ts`), text.join('\n'));
}

/** Writes `api/src/generated` anew from `api/openapi` and `api/proto`. Deterministic: CI compares the result. */
export function generateApi(): void {
  rmSync(join(apiDirectory, 'src/generated'), { recursive: true, force: true });
  for (const name of openapiDocuments) {
    run('openapi-typescript', 'bin/cli.js', [`openapi/${name}.yaml`, '-o', `src/generated/${name}.ts`]);
  }
  writeOperations('console');
  run('@grpc/proto-loader', 'build/bin/proto-loader-gen-types.js', [
    '--longs=Number',
    '--enums=String',
    '--defaults',
    '--includeComments',
    '--grpcLib=@grpc/grpc-js',
    '--importFileExtension=.ts',
    '--includeDirs=proto',
    '--outDir=src/generated/proto',
    ...protoFiles,
  ]);
}
