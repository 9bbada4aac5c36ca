import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { until } from './gateway.ts';

/** A port of this machine that nobody listens on right now. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** Starts Debian's redis-server without persistence; it ends with the test. */
export async function startRedis(context: TestContext, port: number): Promise<ChildProcess> {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-proxy-redis-'));
  const args = [
    ...['--port', String(port), '--bind', '127.0.0.1'],
    ...['--save', '', '--appendonly', 'no', '--dir', directory],
  ];
  const redis = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
  context.after(() => {
    redis.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  let output = '';
  redis.stdout?.on('data', (data) => {
    output += data;
  });
  await until(() => output.includes('Ready to accept connections'));
  return redis;
}
