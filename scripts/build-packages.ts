import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const compiler = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');
/** From here on `require` takes ES modules without a flag, so one build serves both module systems. */
const oldestNode = '>=22.12';

/** Every package that is published, in the order in which they need one another. */
export const publishedPackages = ['contract', 'telemetry', 'eslint-plugin'] as const;

interface Manifest {
  readonly exports: Readonly<Record<string, string>>;
  readonly [field: string]: unknown;
}

/**
 * Builds `packages/<name>` to JavaScript and declarations in `outDirectory`, with the manifest to publish: `npm publish`
 * and `npm pack` run there.
 */
export function buildPackage(name: string, outDirectory: string): void {
  const source = join(root, 'packages', name);
  rmSync(outDirectory, { recursive: true, force: true });
  const args = [compiler, '-p', join(source, 'tsconfig.build.json'), '--outDir', outDirectory];
  const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`packages/${name} does not build:\n${stdout}`);
  rewriteDeclarations(outDirectory);
  const manifest = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as Manifest;
  writeFileSync(
    join(outDirectory, 'package.json'),
    `${JSON.stringify(publishedManifest(manifest), null, 2)}\n`,
  );
  for (const file of [join(source, 'README.md'), join(root, 'LICENSE')]) {
    if (existsSync(file)) cpSync(file, join(outDirectory, file.slice(dirname(file).length + 1)));
  }
}

/** The compiler rewrites imports of `.ts` files in what it emits as JavaScript, but not in declarations. */
function rewriteDeclarations(directory: string): void {
  for (const file of globSync('**/*.d.ts', { cwd: directory })) {
    const path = join(directory, file);
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace(/((?:from|import|module) ?\(?['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2'));
  }
}

function publishedManifest(manifest: Manifest): Record<string, unknown> {
  const { exports, private: _private, devDependencies: _devDependencies, ...kept } = manifest;
  const built = Object.entries(exports).map(([subpath, source]) => {
    const file = source.replace('./src/', './').replace(/\.ts$/, '');
    return [subpath, { types: `${file}.d.ts`, default: `${file}.js` }];
  });
  return {
    ...kept,
    engines: { node: oldestNode },
    sideEffects: false,
    exports: { ...Object.fromEntries(built), './package.json': './package.json' },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const name of publishedPackages) {
    const directory = join(root, 'packages', name, 'dist');
    buildPackage(name, directory);
    process.stdout.write(`built packages/${name}/dist\n`);
  }
}
