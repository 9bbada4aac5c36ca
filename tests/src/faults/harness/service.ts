import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { eventually } from '../../support/eventually.ts';

const startTimeoutMs = 60_000;
const stopTimeoutMs = 20_000;
const keptLines = 100;

export type LogLine = Readonly<Record<string, unknown>>;

/** A service as its own process, as its users run it. */
export interface Service {
  readonly pid: number;
  /** Every line it wrote so far, as text. */
  readonly output: readonly string[];
  lines(): readonly LogLine[];
  /** Where a server of it listens. */
  address(server: 'http' | 'grpc'): string;
  /** Freezes it: it keeps its connections and answers nothing. */
  freeze(): void;
  thaw(): void;
  /** Ends it without a chance to say anything. */
  kill(): Promise<void>;
  /** Asks it to stop; resolves with its exit code. */
  stop(): Promise<number | null>;
}

function addressOf(lines: readonly LogLine[], server: string): string {
  const line = lines.find(({ msg, operation }) => msg === 'listening' && operation === server);
  return String(line?.address);
}

function running(child: ChildProcess, output: readonly string[]): Service {
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const lines = () =>
    output.filter((line) => line.startsWith('{')).map((line) => JSON.parse(line) as LogLine);
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const timer = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
    child.kill('SIGCONT');
    child.kill(signal);
    const code = await exited;
    clearTimeout(timer);
    return code;
  };
  return {
    pid: child.pid ?? 0,
    output,
    lines,
    address: (server) => addressOf(lines(), server),
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    kill: async () => {
      await end('SIGKILL');
    },
    stop: () => end('SIGTERM'),
  };
}

/**
 * Starts a service with these variables and no others, and waits until it says it has started. With `onLine` the lines go
 * there, and only those of its start are kept.
 */
export async function startService(
  name: 'proxy' | 'auth',
  environment: Readonly<Record<string, string>>,
  onLine?: (line: string) => void,
): Promise<Service> {
  const main = fileURLToPath(new URL(`../../../../services/${name}/src/main.ts`, import.meta.url));
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [main], {
    env: { PATH, HOME, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: string[] = [];
  for (const input of [child.stdout, child.stderr]) {
    createInterface({ input }).on('line', (line) => {
      if (onLine === undefined || output.length < keptLines) output.push(line);
      onLine?.(line);
    });
  }
  const service = running(child, output);
  await eventually(
    () => {
      if (child.exitCode !== null) throw new Error(`${name} ended:\n${output.join('\n')}`);
      return output.some((line) => line.includes('"msg":"started"')) || undefined;
    },
    { timeoutMs: startTimeoutMs, intervalMs: 25, what: `${name} having started` },
  );
  return service;
}
