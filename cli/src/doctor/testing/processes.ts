import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type ServiceName, serviceScripts } from '../../children/services.ts';
import { portNames, portSettings } from '../../settings/ports.ts';
import { freePorts } from '../../testing/workspace.ts';
import type { Finding } from '../model.ts';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

export interface Said {
  readonly status: number | null;
  /** All of standard output and standard error. */
  readonly output: string;
  readonly findings: readonly (Finding & { readonly section: string })[];
  readonly result: string;
}

/** A directory of its own and free ports for everything `ibex up` listens on. */
export async function emptyPlace(
  context: TestContext,
): Promise<{ directory: string; environment: NodeJS.ProcessEnv }> {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-doctor-'));
  context.after(() => rmSync(directory, { recursive: true, force: true }));
  const ports = await freePorts(portNames.length);
  const variables = portNames.map((name, index) => [portSettings[name].variable, String(ports[index])]);
  const environment = { PATH: process.env.PATH, LANG: 'C.UTF-8', ...Object.fromEntries(variables) };
  return { directory, environment };
}

/** Runs `ibex doctor --json` as a process of its own. */
export async function runDoctorProcess(
  directory: string,
  environment: NodeJS.ProcessEnv,
  args: readonly string[] = ['--json'],
): Promise<Said> {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(root, 'cli/src/main.ts'), 'doctor', ...args],
    { cwd: directory, env: environment, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const [status] = await once(child, 'close');
  const output = stdout + stderr;
  const { findings, result } = args.includes('--json') ? JSON.parse(stdout) : { findings: [], result: '' };
  return { status, output, findings, result };
}

/** Starts a service of ours; it ends with the test. */
export async function startService(
  context: TestContext,
  service: ServiceName,
  environment: NodeJS.ProcessEnv,
): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(root, serviceScripts[service])], {
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  context.after(async () => {
    child.kill('SIGKILL');
    await ended;
  });
  let output = '';
  for await (const chunk of child.stdout) {
    output += chunk;
    if (output.includes('"msg":"started"')) break;
  }
  child.stdout.resume();
  return child;
}
