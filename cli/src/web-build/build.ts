import { spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { inheritedEnvironment } from '../children/inherited-environment.ts';
import { LineSplitter } from '../logs/line-splitter.ts';
import { UserError } from '../user-error.ts';
import { sourceHash } from './source-hash.ts';

const stampName = '.build-hash';
const lastLines = 20;
const buildTimeoutMs = 300_000;

/** The web console's build: whether it is needed, and the building. */
export interface WebBuild {
  readonly isNeeded: boolean;
  /**
   * Builds into a directory of its own and swaps it in; throws a {@link UserError} with the builder's last lines.
   *
   * @param signal Ends the building; the promise then rejects.
   */
  run(options: { signal: AbortSignal }): Promise<void>;
}

/** Compares the stamp of the last build with the sources there are now. */
export function planWebBuild(root: string): WebBuild {
  const webDirectory = join(root, 'services', 'console', 'web');
  const output = join(webDirectory, 'dist');
  const hash = sourceHash(webDirectory, join(root, 'package-lock.json'));
  return {
    isNeeded: readStamp(output) !== hash,
    run: async ({ signal }) => {
      const draft = join(root, 'node_modules', '.cache', `ibex-web-${process.pid}`);
      try {
        await runVite(webDirectory, { output: draft, signal });
        writeFileSync(join(draft, stampName), hash);
        replaceDirectory(output, draft);
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
    },
  };
}

function readStamp(output: string): string | undefined {
  const path = join(output, stampName);
  return existsSync(path) && existsSync(join(output, 'index.html')) ? readFileSync(path, 'utf8') : undefined;
}

function replaceDirectory(target: string, replacement: string): void {
  const old = `${replacement}.old`;
  rmSync(old, { recursive: true, force: true });
  if (existsSync(target)) renameSync(target, old);
  renameSync(replacement, target);
  rmSync(old, { recursive: true, force: true });
}

/** Vite's own entry with this Node: npm's launcher scripts differ between systems. */
function viteScript(webDirectory: string): string {
  const manifest = createRequire(join(webDirectory, 'package.json')).resolve('vite/package.json');
  const { bin }: { bin: { vite: string } } = JSON.parse(readFileSync(manifest, 'utf8'));
  return join(dirname(manifest), bin.vite);
}

async function runVite(
  webDirectory: string,
  { output, signal }: { output: string; signal: AbortSignal },
): Promise<void> {
  const lines: string[] = [];
  const args = [viteScript(webDirectory), 'build', '--outDir', output, '--emptyOutDir', '--logLevel', 'warn'];
  const child = spawn(process.execPath, args, {
    cwd: webDirectory,
    env: { ...inheritedEnvironment('console', process.env), NODE_ENV: 'production', NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal,
    timeout: buildTimeoutMs,
    windowsHide: true,
  });
  for (const stream of [child.stdout, child.stderr]) {
    const splitter = new LineSplitter((line) => {
      lines.push(line);
      if (lines.length > lastLines) lines.shift();
    });
    stream.on('data', (chunk: Buffer) => splitter.write(chunk));
    stream.on('end', () => splitter.end());
  }
  const end = await new Promise<string>((resolve) => {
    child.once('close', (code, signal) =>
      resolve(code === 0 ? '' : `vite ended with ${signal ?? `exit code ${code}`}`),
    );
    child.once('error', (error) => resolve(error.message));
  });
  if (end === '') return;
  throw new UserError(`The web console could not be built: ${end}; its last lines are above.`, {
    context: lines,
  });
}
