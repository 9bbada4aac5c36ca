import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import { eventually } from '../../../tests/src/support/eventually.ts';
import { type PostgresServer, postgresPrograms, startPostgres } from '../../../tests/src/support/postgres.ts';
import { skipWithout } from '../../../tests/src/support/programs.ts';
import { call, type Schemas, VerdictClient } from './testing/auth-client.ts';
import { type RunningAuth, startAuth, stopAuth } from './testing/auth-process.ts';
import { Cleanup } from './testing/cleanup.ts';
import { checkHealth } from './testing/grpc-tools.ts';
import { readCredentialsContent } from './testing/seeded-auth.ts';

describe('a Postgres server that goes away', { skip: skipWithout(...postgresPrograms) }, () => {
  const cleanup = new Cleanup();
  let server: PostgresServer;
  let auth: RunningAuth;
  let client: VerdictClient;
  let token: string;

  const readiness = async () => (await fetch(`${auth.httpUrl}/readyz`)).status;
  const becomes = (expected: string) =>
    eventually(async () => ((await checkHealth(auth.grpcAddress, '')) === expected ? true : undefined), {
      what: `health ${expected}`,
    });

  before(async () => {
    server = await startPostgres();
    cleanup.add(() => server.dispose());
    const credentialsFile = join(cleanup.directory(), 'credentials.json');
    auth = await startAuth({
      cleanup,
      environment: { DATABASE_URL: await server.createDatabase(), IBEX_CREDENTIALS_FILE: credentialsFile },
    });
    token = readCredentialsContent(credentialsFile).admin_token;
    client = new VerdictClient(auth.grpcAddress);
    cleanup.add(() => client.close());
    assert.equal(await readiness(), 200);
  });

  it('makes the service say so everywhere, without ending it', async () => {
    await server.stop();
    assert.equal(await readiness(), 503);
    await assert.rejects(client.validateToken(token), { code: status.UNAVAILABLE });
    const answer = await call(`GET ${auth.httpUrl}/v1/tokens`, { token });
    assert.deepEqual([answer.status, answer.body.error.code], [503, 'database_unavailable']);
    await becomes('NOT_SERVING');
    assert.equal((await fetch(`${auth.httpUrl}/healthz`)).status, 200);
    const outage = auth.lines.filter(({ msg }) => msg === 'the database does not answer');
    assert.deepEqual(
      outage.map(({ level, dependency }) => [level, dependency]),
      [['ERROR', 'database']],
    );
  });

  it('is used again as soon as it is back', async () => {
    await server.start();
    await becomes('SERVING');
    assert.equal((await client.validateToken(token)).status, 'TOKEN_STATUS_OK');
    const issued = await call<Schemas['IssuedToken']>(`POST ${auth.httpUrl}/v1/tokens`, {
      token,
      body: { name: 'x' },
    });
    assert.equal(issued.status, 201);
    assert.equal(await readiness(), 200);
    assert.ok(auth.lines.some(({ msg }) => msg === 'the database answers again'));
  });

  it('does not keep the service from stopping', async () => {
    await server.stop();
    assert.equal(await stopAuth(auth), 0);
  });
});
