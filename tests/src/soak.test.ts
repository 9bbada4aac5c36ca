import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { skipWithout } from './support/programs.ts';
import { redisPrograms } from './support/redis.ts';

const script = fileURLToPath(new URL('../../benchmarks/src/soak.ts', import.meta.url));
const runTimeoutMs = 150_000;
/** Of the run, and of the five seconds that warm it up. */
const requests = 1_000;

interface Amounts {
  readonly requests?: number;
  readonly calls?: number;
  readonly inputTokens?: number;
}

interface Report {
  readonly verdicts: readonly { readonly what: string; readonly held?: boolean; readonly detail: string }[];
  readonly clients: { sent: number; cancelled: number; broken: number; statuses: Record<string, number> };
  readonly signals: Readonly<Record<string, Amounts>>;
}

/** The same code as `npm run bench -- soak`, for a short time and at a rate every machine manages. */
test('a short soak: faults of all kinds, auth and Redis restarted, and all who count agree', {
  skip: skipWithout('taskset', ...redisPrograms),
}, async () => {
  const args = [script, '--json', '--seconds', '20', '--rate', '40'];
  const options = { timeout: runTimeoutMs, maxBuffer: 16 * 1024 * 1024 };
  // It ends with 1 where something does not hold; what that was stands in its report.
  const stdout = await promisify(execFile)(process.execPath, args, options).then(
    (run) => run.stdout,
    (error: { stdout?: string }) => error.stdout || Promise.reject(error),
  );
  const { verdicts, clients, signals } = JSON.parse(stdout) as Report;
  assert.deepEqual(
    verdicts.filter(({ held }) => held === false),
    [],
    JSON.stringify(signals),
  );
  assert.equal(clients.sent, requests);
  assert.equal(clients.broken, 0);
  assert.ok(clients.cancelled > 0);
  for (const status of ['200', '429', '502']) assert.ok((clients.statuses[status] ?? 0) > 0, status);
  assert.equal(signals.metrics?.requests, requests);
  assert.ok((signals.metrics?.inputTokens ?? 0) > 0);
});
