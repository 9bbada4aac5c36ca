import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const replyTimeoutMs = 20_000;
const stopTimeoutMs = 5_000;

export interface ChildOptions {
  /** The processor it is pinned to. */
  readonly cpu: number;
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
}

/** A script in a process of its own, spoken with over IPC, its output drained and its lines counted. */
export class Child {
  readonly #process: ChildProcess;
  lines = 0;

  constructor(script: URL, { cpu, args = [], environment = {} }: ChildOptions) {
    const path = fileURLToPath(script);
    this.#process = spawn('taskset', ['-c', String(cpu), process.execPath, path, ...args], {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
    });
    this.#process.stdout?.on('data', (chunk: Buffer) => {
      for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) this.lines++;
    });
  }

  /** What it says next. */
  async reply<Message>(): Promise<Message> {
    const [message] = await once(this.#process, 'message', { signal: AbortSignal.timeout(replyTimeoutMs) });
    return message as Message;
  }

  /** Sends a message; resolves with what it says to it. */
  ask<Message>(message: string): Promise<Message> {
    const reply = this.reply<Message>();
    this.#process.send(message);
    return reply;
  }

  async stop(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return;
    const exited = once(this.#process, 'exit');
    const deadline = setTimeout(() => this.#process.kill('SIGKILL'), stopTimeoutMs);
    this.#process.send('exit');
    await exited;
    clearTimeout(deadline);
  }
}
