import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Cleanup } from './cleanup.ts';

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** The key the services under test hash with. */
export const testHashKey = 'a key that only tests ever use, of 40 chars';

type LogLine = Readonly<Record<string, unknown>>;

/** The service as its own process, with what it wrote so far. */
export interface AuthProcess {
  readonly child: ChildProcess;
  readonly lines: readonly LogLine[];
  readonly stderr: () => string;
  readonly exited: Promise<number | null>;
}

export interface RunningAuth extends AuthProcess {
  readonly httpUrl: string;
  readonly grpcAddress: string;
}

export interface SpawnOptions {
  readonly cleanup: Cleanup;
  readonly environment: Readonly<Record<string, string>>;
  /** Another user to run as; needs root. */
  readonly uid?: number;
}

/** Starts the service without waiting for it, on free ports; it is killed at the latest when the suite ends. */
export function spawnAuth({ cleanup, environment, uid }: SpawnOptions): AuthProcess {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [main], {
    ...(uid === undefined ? {} : { uid, gid: uid }),
    env: {
      PATH,
      HOME,
      IBEX_AUTH_HTTP_PORT: '0',
      IBEX_AUTH_GRPC_PORT: '0',
      IBEX_AUTH_TOKEN_HASH_KEY: testHashKey,
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: LogLine[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line) as LogLine));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  cleanup.add(async () => {
    child.kill('SIGKILL');
    await exited;
  });
  return { child, lines, stderr: () => stderr, exited };
}

function addressOf(lines: readonly LogLine[], server: string): string {
  const line = lines.find(({ msg, operation }) => msg === 'listening' && operation === server);
  return String(line?.address);
}

/** Starts the service and waits until it listens. */
export async function startAuth(options: SpawnOptions): Promise<RunningAuth> {
  const auth = spawnAuth(options);
  const ended = auth.exited.then((code) => {
    const said = [...auth.lines.map((line) => JSON.stringify(line)), auth.stderr()].join('\n');
    throw new Error(`auth ended with ${code} before it was ready:\n${said}`);
  });
  const started = new Promise<void>((resolve) => {
    auth.child.stdout?.on('data', () => {
      setImmediate(() => {
        if (auth.lines.some(({ msg }) => msg === 'started')) resolve();
      });
    });
  });
  await Promise.race([started, ended]);
  ended.catch(() => undefined);
  return { ...auth, httpUrl: addressOf(auth.lines, 'http'), grpcAddress: addressOf(auth.lines, 'grpc') };
}

/** Ends the service as an operator does, and gives its exit code. */
export async function stopAuth(auth: AuthProcess): Promise<number | null> {
  auth.child.kill('SIGTERM');
  return auth.exited;
}
