// How fast auth says whom a token acts for, from a cold cache on Postgres, at a rate that does not wait for it; what a
// verdict costs the gateway that knows it; and how soon a revocation is felt.
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs, promisify } from 'node:util';
import { type PostgresServer, startPostgres } from '../../tests/src/support/postgres.ts';
import type { CachedResult } from './auth/cached.ts';
import type { LoadResult } from './auth/load.ts';
import { formatAuthReport, toAuthReport } from './auth/report.ts';
import { execute, seed } from './auth/seed.ts';
import { startAuth } from './auth/start-auth.ts';
import { readCount } from './harness/read-count.ts';

const hashKey = 'a key that only this benchmark ever uses!';
const childLimits = { maxBuffer: 64 * 1024 * 1024, timeout: 300_000 };

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    rate: { type: 'string', default: '1000' },
    seconds: { type: 'string', default: '30' },
  },
});
const perSecond = readCount(values, { name: 'rate', maximum: 20_000 });
const seconds = readCount(values, { name: 'seconds', maximum: 600 });

async function runChild<Result>(script: string, args: readonly string[]): Promise<Result> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [path, ...args], childLimits);
  return JSON.parse(stdout) as Result;
}

/** Fills the database and starts its server again, so that nothing of it is in the server's memory. */
async function prepare(server: PostgresServer, { url, directory }: { url: string; directory: string }) {
  const first = await startAuth({ DATABASE_URL: url, IBEX_AUTH_TOKEN_HASH_KEY: hashKey });
  await first.stop();
  const tokens = seed(url, { count: perSecond * seconds + 1, hashKey });
  execute(url, 'analyze');
  execute(url, 'checkpoint');
  await server.stop();
  await server.start();
  const tokensFile = join(directory, 'tokens');
  writeFileSync(tokensFile, tokens.slice(1).join('\n'));
  return { tokensFile, spare: tokens[0] ?? '' };
}

const server = await startPostgres();
const directory = mkdtempSync(join(tmpdir(), 'ibex-bench-auth-'));
try {
  const url = await server.createDatabase();
  const { tokensFile, spare } = await prepare(server, { url, directory });
  const credentialsFile = join(directory, 'credentials.json');
  const environment = { DATABASE_URL: url, IBEX_AUTH_TOKEN_HASH_KEY: hashKey };
  const auth = await startAuth({ ...environment, IBEX_CREDENTIALS_FILE: credentialsFile });
  const other = await startAuth(environment);
  const loadBefore = loadavg()[0] ?? 0;
  const cpuBefore = auth.cpuSeconds();
  const load = await runChild<LoadResult>('auth/load.ts', [auth.grpcAddress, tokensFile, String(perSecond)]);
  const cpuSeconds = auth.cpuSeconds() - cpuBefore;
  const exposition = await (await fetch(`${auth.httpUrl}/metrics`)).text();
  const { default: credentials } = (await import(credentialsFile, { with: { type: 'json' } })) as {
    default: { admin_token: string };
  };
  // The revocation is made at one instance and heard of from the other.
  const cached = await runChild<CachedResult>('auth/cached.ts', [
    auth.grpcAddress,
    other.httpUrl,
    credentials.admin_token,
    spare,
  ]);
  await auth.stop();
  await other.stop();
  const machine = `${cpus().length} × ${cpus()[0]?.model ?? 'unknown processor'}, Node ${process.version}, load ${loadBefore.toFixed(1)}`;
  const report = toAuthReport({ load, exposition, cached, perSecond, machine, cpuSeconds });
  process.stdout.write(values.json ? `${JSON.stringify(report, null, 2)}\n` : formatAuthReport(report));
} finally {
  await server.dispose();
  rmSync(directory, { recursive: true, force: true });
}
