import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';

const readyTimeoutMs = 60_000;
const pollMs = 50;
const stopTimeoutMs = 10_000;

export interface ProgramOptions {
  /** The processor it is pinned to. */
  readonly cpu: number;
  readonly script: string;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  /** Answers 200 once it serves. */
  readonly readyUrl: string;
}

/** A server in a process of its own, as its users start it, its output thrown away. */
export interface Program {
  readonly pid: number;
  stop(): Promise<void>;
}

/** Starts it and waits until it serves. */
export async function startProgram(options: ProgramOptions): Promise<Program> {
  const { cpu, script, args = [], environment = {}, readyUrl } = options;
  const child = spawn('taskset', ['-c', String(cpu), process.execPath, script, ...args], {
    env: { PATH: process.env.PATH, HOME: process.env.HOME, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  // Read as a log shipper would, so that the pipe never fills.
  child.stdout.resume();
  await untilServing(child, readyUrl);
  return { pid: child.pid ?? 0, stop: () => stop(child) };
}

async function untilServing(child: ChildProcess, url: string): Promise<void> {
  const deadline = performance.now() + readyTimeoutMs;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`It ended with ${child.exitCode} before ${url} answered.`);
    const answer = await fetch(url).catch(() => undefined);
    await answer?.arrayBuffer();
    if (answer?.ok) return;
    await delay(pollMs);
  }
  child.kill('SIGKILL');
  throw new Error(`${url} did not answer within ${readyTimeoutMs} ms.`);
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  const deadline = setTimeout(() => child.kill('SIGKILL'), stopTimeoutMs);
  child.kill('SIGTERM');
  await exited;
  clearTimeout(deadline);
}
