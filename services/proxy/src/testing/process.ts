import { type ChildProcess, spawn } from 'node:child_process';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { until } from './gateway.ts';

type LogLine = Readonly<Record<string, unknown>>;

/** A service as its own process, with what it wrote so far. */
export interface TestProcess {
  readonly child: ChildProcess;
  readonly lines: () => readonly LogLine[];
  readonly stderr: () => string;
  readonly exited: Promise<number | null>;
}

/** Starts `main.ts` of a service with these variables and no others; it ends with the test. */
export function spawnService(
  context: TestContext,
  options: { readonly service: 'proxy' | 'auth'; readonly environment: Record<string, string> },
): TestProcess {
  const main = fileURLToPath(new URL(`../../../${options.service}/src/main.ts`, import.meta.url));
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [main], {
    env: { PATH, HOME, ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  context.after(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return {
    child,
    lines: () =>
      stdout
        .split('\n')
        .slice(0, -1)
        .map((line) => JSON.parse(line) as LogLine),
    stderr: () => stderr,
    exited,
  };
}

/** The address a server of the service listens on, once it does. */
export async function addressOf(service: TestProcess, server: string): Promise<string> {
  const find = () =>
    service.lines().find(({ msg, operation }) => msg === 'listening' && operation === server);
  await until(() => {
    if (service.child.exitCode !== null)
      throw new Error(`it ended: ${JSON.stringify(service.lines())}${service.stderr()}`);
    return find() !== undefined;
  });
  return String(find()?.address);
}
