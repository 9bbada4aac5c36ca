import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { freePorts } from './free-ports.ts';
import { findProgram } from './programs.ts';

/** What a suite that uses `startRedis` hands to `skipWithout`. */
export const redisPrograms = ['redis-server'] as const;

/** A Redis of its own for a test, without persistence. */
export interface RedisServer {
  /** With the password in it. */
  readonly url: string;
  readonly password: string;
  /** Ends it at once; `start` brings it back, empty. */
  stop(): Promise<void>;
  start(): Promise<void>;
  dispose(): Promise<void>;
}

class TemporaryRedis implements RedisServer {
  readonly url: string;
  readonly password: string;
  readonly #port: number;
  readonly #directory = mkdtempSync(join(tmpdir(), 'ibex-redis-'));
  #process: ChildProcess | undefined;

  constructor(options: { port: number; password: string }) {
    this.#port = options.port;
    this.password = options.password;
    this.url = `redis://default:${options.password}@127.0.0.1:${options.port}`;
  }

  async start(): Promise<void> {
    const options = [
      ...['--port', String(this.#port), '--bind', '127.0.0.1', '--requirepass', this.password],
      ...['--save', '', '--appendonly', 'no', '--dir', this.#directory],
    ];
    const server = spawn(findProgram('redis-server') ?? 'redis-server', options, {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    this.#process = server;
    let output = '';
    server.stdout.on('data', (data) => (output += String(data)));
    await eventually(() => output.includes('Ready to accept connections') || undefined, {
      what: 'the Redis server',
    });
  }

  async stop(): Promise<void> {
    const server = this.#process;
    this.#process = undefined;
    if (server === undefined || server.exitCode !== null) return;
    const ended = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await ended;
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.#directory, { recursive: true, force: true });
  }
}

/** Starts Debian's redis-server on a free port. */
export async function startRedis({ password = 'a-password-of-redis' } = {}): Promise<RedisServer> {
  const [port = 0] = await freePorts(1);
  const server = new TemporaryRedis({ port, password });
  await server.start();
  return server;
}
