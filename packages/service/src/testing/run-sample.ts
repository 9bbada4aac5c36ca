import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const script = fileURLToPath(new URL('sample-service.ts', import.meta.url));

export interface Sample {
  readonly child: ChildProcess;
  /** All of standard output so far, line by line, parsed. */
  readonly lines: Record<string, unknown>[];
  readonly errors: () => string;
  /** What the service noted while it closed, in order. */
  readonly events: () => string[];
  /** Resolves with the first line whose message is this. */
  said(message: string): Promise<Record<string, unknown>>;
  /** Resolves when the process is gone. */
  readonly ended: Promise<{ code: number | null; signal: string | null }>;
  remove(): void;
}

/** Runs the sample service as a process of its own. */
export function runSample(environment: Readonly<Record<string, string>> = {}): Sample {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-sample-'));
  const eventsFile = join(directory, 'events');
  writeFileSync(eventsFile, '');
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env.PATH, SAMPLE_EVENTS: eventsFile, ...environment },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const lines: Record<string, unknown>[] = [];
  const waiting: (() => void)[] = [];
  let rest = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    const texts = (rest + chunk).split('\n');
    rest = texts.pop() ?? '';
    lines.push(...texts.map((text) => JSON.parse(text) as Record<string, unknown>));
    for (const wake of waiting.splice(0)) wake();
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('close', (code, signal) => {
      for (const wake of waiting.splice(0)) wake();
      resolve({ code, signal });
    });
  });

  async function said(message: string): Promise<Record<string, unknown>> {
    for (;;) {
      const line = lines.find(({ msg }) => msg === message);
      if (line !== undefined) return line;
      if (child.exitCode !== null) throw new Error(`ended without saying "${message}": ${errors}`);
      await new Promise<void>((resolve) => waiting.push(resolve));
    }
  }

  return {
    ...{ child, lines, said, ended },
    errors: () => errors,
    events: () => readFileSync(eventsFile, 'utf8').split('\n').filter(Boolean),
    remove: () => {
      child.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
