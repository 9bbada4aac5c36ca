import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** Benchmarks that start whole processes, each a script of its own that takes `--json`. */
export const scripts: Readonly<Record<string, string>> = {
  overhead: './overhead.ts',
  startup: './startup.ts',
  gateway: './gateway.ts',
  auth: './auth.ts',
  house: './house.ts',
  soak: './soak.ts',
};

/** What takes so long that it is run only when it is named. */
export const onlyByName: readonly string[] = ['soak'];

/** Runs one in a process of its own, with its output passed on. */
export async function runScript(name: string, options: readonly string[]): Promise<void> {
  const path = fileURLToPath(new URL(scripts[name] ?? '', import.meta.url));
  const child = spawn(process.execPath, [path, ...options], { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exitCode = 1;
}
