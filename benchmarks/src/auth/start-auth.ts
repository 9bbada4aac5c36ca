import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../services/auth/src/main.ts', import.meta.url));
const startTimeoutMs = 60_000;
/** Of Linux, as `getconf CLK_TCK` says. */
const ticksPerSecond = 100;

/** A running auth service. */
export interface AuthProcess {
  readonly grpcAddress: string;
  readonly httpUrl: string;
  /** Processor time it has used so far. */
  cpuSeconds(): number;
  stop(): Promise<void>;
}

interface Line {
  readonly msg?: string;
  readonly operation?: string;
  readonly address?: string;
}

async function untilStarted(child: ChildProcess): Promise<Map<string, string>> {
  const addresses = new Map<string, string>();
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const timer = setTimeout(() => reject(new Error('auth did not start in time')), startTimeoutMs);
  child.once('exit', (code) => reject(new Error(`auth ended with ${code}`)));
  if (child.stdout === null) throw new Error('auth has no output');
  createInterface({ input: child.stdout }).on('line', (text) => {
    const line = JSON.parse(text) as Line;
    if (line.msg === 'listening') addresses.set(line.operation ?? '', line.address ?? '');
    if (line.msg === 'started') resolve();
  });
  await promise.finally(() => clearTimeout(timer));
  return addresses;
}

/** Starts auth as it ships, on free ports. */
export async function startAuth(environment: Readonly<Record<string, string>>): Promise<AuthProcess> {
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH ?? '',
      IBEX_AUTH_HTTP_PORT: '0',
      IBEX_AUTH_GRPC_PORT: '0',
      ...environment,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const addresses = await untilStarted(child);
  return {
    grpcAddress: addresses.get('grpc') ?? '',
    httpUrl: addresses.get('http') ?? '',
    cpuSeconds: () => {
      const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      const exited = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await exited;
    },
  };
}
