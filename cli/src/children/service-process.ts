import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { LineSplitter } from '../logs/line-splitter.ts';

/** How a process ended: by itself with a code, by a signal, or never started. */
export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly error?: Error;
}

export interface ServiceProcessOptions {
  /** Node's own flags and the script. */
  readonly args: readonly string[];
  readonly environment: NodeJS.ProcessEnv;
  readonly onLine: (text: string, stream: 'stdout' | 'stderr') => void;
}

/** A process that has ended may have left lines in its pipes; a grandchild may hold them open for ever. */
const lastLinesMs = 300;

/**
 * One running service. It has a process group of its own, so that a terminal's Ctrl-C reaches `ibex up` alone and the
 * order of the stop is kept; and a pipe for its standard input, whose end tells it that `ibex up` is gone.
 */
export class ServiceProcess {
  /** Resolves, never rejects, when the process is gone and its last lines are read. */
  readonly ended: Promise<ProcessEnd>;
  #child: ChildProcess;

  constructor(options: ServiceProcessOptions) {
    this.#child = spawn(process.execPath, options.args, {
      env: options.environment,
      stdio: ['pipe', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    // The process may end before it has read anything; that is told by `ended`.
    this.#child.stdin?.on('error', () => undefined);
    const drained = [
      readLines(this.#child.stdout, (text) => options.onLine(text, 'stdout')),
      readLines(this.#child.stderr, (text) => options.onLine(text, 'stderr')),
    ];
    this.ended = this.#waitForEnd(drained);
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks for an orderly end. */
  stop(): void {
    // Windows has no SIGTERM that a process could handle; every service also stops when its standard input ends.
    if (process.platform === 'win32') this.#child.stdin?.end();
    else this.#child.kill('SIGTERM');
  }

  /** Ends it at once. */
  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #waitForEnd(drained: readonly Promise<void>[]): Promise<ProcessEnd> {
    const end = await new Promise<ProcessEnd>((resolve) => {
      this.#child.once('exit', (code, signal) => resolve({ code, signal }));
      this.#child.once('error', (error) => resolve({ code: null, signal: null, error }));
    });
    await Promise.race([Promise.all(drained), sleep(lastLinesMs, undefined, { ref: false })]);
    return end;
  }
}

/** Resolves when the stream has ended and all its lines were handed on. */
function readLines(stream: Readable | null, onLine: (text: string) => void): Promise<void> {
  if (stream === null) return Promise.resolve();
  const splitter = new LineSplitter(onLine);
  stream.on('data', (chunk: Buffer) => splitter.write(chunk));
  return new Promise((resolve) => {
    stream.once('close', () => {
      splitter.end();
      resolve();
    });
    stream.once('error', () => undefined);
  });
}

/** The end in words, e.g. `ended with exit code 1`. */
export function describeEnd({ code, signal, error }: ProcessEnd): string {
  if (error !== undefined) return `could not be started: ${error.message}`;
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
}
