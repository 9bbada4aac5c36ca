// What a verdict the gateway knows costs it, and how long a revocation takes to be felt there.
import { setTimeout as wait } from 'node:timers/promises';
import { credentials } from '@grpc/grpc-js';
import { startTestTelemetry } from '@ibex/telemetry/testing';
import { createAuthClient } from '../../../services/proxy/src/auth/auth-client.ts';
import { Authority } from '../../../services/proxy/src/auth/authority.ts';

const warmUps = 20_000;
const rounds = 20;
const perRound = 20_000;
const revocations = 20;

/** Microseconds a cached validation, and milliseconds from the answer of a revocation to its first refusal. */
export interface CachedResult {
  readonly cachedMicroseconds: number;
  readonly revocationMs: readonly number[];
}

const [grpcAddress = '', httpUrl = '', adminToken = '', token = ''] = process.argv.slice(2);
const { telemetry } = startTestTelemetry('proxy');
const client = createAuthClient({
  address: grpcAddress,
  credentials: credentials.createInsecure(),
  timeoutMs: 2_000,
  telemetry,
});
const authority = new Authority({ client, telemetry, cacheEntries: 10_000 });

async function measureCached(): Promise<number> {
  for (let index = 0; index < warmUps; index += 1) await authority.judgeToken(token);
  const times: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const startedAt = performance.now();
    for (let index = 0; index < perRound; index += 1) await authority.judgeToken(token);
    times.push(((performance.now() - startedAt) * 1000) / perRound);
  }
  return times.toSorted((one, other) => one - other)[rounds / 2] ?? Number.NaN;
}

async function admin(method: string, path: string, body?: object): Promise<Record<string, string>> {
  const headers = {
    authorization: `Bearer ${adminToken}`,
    ...(body && { 'content-type': 'application/json' }),
  };
  const init = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const response = await fetch(`${httpUrl}/v1${path}`, init);
  if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
  return method === 'DELETE' ? {} : ((await response.json()) as Record<string, string>);
}

async function measureRevocation(): Promise<number> {
  const { id = '', token: text = '' } = await admin('POST', '/tokens', { name: 'bench' });
  await authority.judgeToken(text);
  await admin('DELETE', `/tokens/${id}`);
  const revokedAt = performance.now();
  while ((await authority.judgeToken(text)).status === 'TOKEN_STATUS_OK') await wait(1);
  return performance.now() - revokedAt;
}

await wait(1_000);
const cachedMicroseconds = await measureCached();
const revocationMs: number[] = [];
for (let index = 0; index < revocations; index += 1) revocationMs.push(await measureRevocation());
process.stdout.write(JSON.stringify({ cachedMicroseconds, revocationMs } satisfies CachedResult));
await authority.close();
client.close();
await telemetry.stop();
