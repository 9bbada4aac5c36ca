import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { skipWithout } from './support/programs.ts';
import { redisPrograms } from './support/redis.ts';

const script = fileURLToPath(new URL('../../benchmarks/src/soak.ts', import.meta.url));
const runTimeoutMs = 150_000;
/** What a gateway may keep of what it opened: connections to provider, auth, Redis and collector. */
const mostOpenFilesMore = 64;

interface Amounts {
  readonly requests?: number;
  readonly calls?: number;
  readonly inputTokens?: number;
}

interface Report {
  readonly disagreements: readonly string[];
  readonly clients: { sent: number; cancelled: number; broken: number; statuses: Record<string, number> };
  readonly idle: readonly { callsInFlight: number; openFiles: number }[];
  readonly signals: Readonly<Record<string, Amounts>>;
  readonly lost: number;
}

/** The same code as `npm run bench -- soak`, for a short time and at a rate every machine manages. */
test('a short soak: faults of all kinds, auth and Redis restarted, and all who count agree', {
  skip: skipWithout('taskset', ...redisPrograms),
}, async () => {
  const args = [script, '--json', '--seconds', '20', '--rate', '40'];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    timeout: runTimeoutMs,
    maxBuffer: 16 * 1024 * 1024,
  });
  const { disagreements, clients, idle, signals, lost } = JSON.parse(stdout) as Report;
  assert.deepEqual(disagreements, [], JSON.stringify(signals));
  assert.equal(lost, 0);
  assert.equal(clients.sent, 800);
  assert.equal(clients.broken, 0);
  assert.ok(clients.cancelled > 0);
  for (const status of ['200', '429', '502']) assert.ok((clients.statuses[status] ?? 0) > 0, status);
  assert.equal(signals.metrics?.requests, 800);
  assert.ok((signals.metrics?.inputTokens ?? 0) > 0);
  const [before, after] = idle;
  assert.equal(after?.callsInFlight, 0);
  assert.ok((after?.openFiles ?? 0) - (before?.openFiles ?? 0) < mostOpenFilesMore);
});
