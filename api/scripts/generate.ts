import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const apiDirectory = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

const openapiDocuments = ['auth', 'telemetry', 'collector', 'console'];
const protoFiles = ['ibex/auth/v1/auth.proto'];

function run(packageName: string, script: string, args: readonly string[]): void {
  const directory = dirname(require.resolve(`${packageName}/package.json`));
  execFileSync(process.execPath, [join(directory, script), ...args], { cwd: apiDirectory, stdio: 'pipe' });
}

/** Writes `api/src/generated` anew from `api/openapi` and `api/proto`. Deterministic: CI compares the result. */
export function generateApi(): void {
  rmSync(join(apiDirectory, 'src/generated'), { recursive: true, force: true });
  for (const name of openapiDocuments) {
    run('openapi-typescript', 'bin/cli.js', [`openapi/${name}.yaml`, '-o', `src/generated/${name}.ts`]);
  }
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
