import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { eventually } from '../../../../tests/src/support/eventually.ts';
import {
  type PostgresServer,
  postgresPrograms,
  startPostgres,
} from '../../../../tests/src/support/postgres.ts';
import { skipWithout } from '../../../../tests/src/support/programs.ts';
import { openPostgresDatabase } from '../database/postgres.ts';
import { call, type Schemas } from '../testing/auth-client.ts';
import { type RunningAuth, startAuth, stopAuth } from '../testing/auth-process.ts';
import { Cleanup } from '../testing/cleanup.ts';
import { databaseKinds } from '../testing/databases.ts';
import { RevocationReader } from '../testing/revocation-reader.ts';
import { seedOrganisation } from '../testing/seed.ts';
import { startSeededAuth } from '../testing/seeded-auth.ts';

/** Issues a token and revokes it; gives its id. */
async function revokeOne(httpUrl: string, token: string): Promise<string> {
  const issued = await call<Schemas['IssuedToken']>(`POST ${httpUrl}/v1/tokens`, {
    token,
    body: { name: 'x' },
  });
  const revoked = await call(`DELETE ${httpUrl}/v1/tokens/${issued.body.id}`, { token });
  assert.equal(revoked.status, 204);
  return issued.body.id;
}

for (const kind of databaseKinds) {
  describe(`revocations: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();

    it('are told of everything whose verdicts change, and of nothing that did not happen', async () => {
      const { auth, acme } = await startSeededAuth(kind, cleanup);
      const reader = new RevocationReader(auth.grpcAddress);
      cleanup.add(() => reader.close());
      const first = await reader.watch('');
      assert.deepEqual([first.reset, first.revocations], [true, []]);
      const token = acme.adminToken;
      const tokenId = await revokeOne(auth.httpUrl, token);
      await reader.hears(tokenId);
      const deeds = [
        ['PATCH', `/v1/agents/${acme.agentId}`, { name: 'renamed' }, acme.agentId],
        ['PATCH', `/v1/organisations/${acme.orgId}`, { captureContent: true }, acme.orgId],
        ['PATCH', `/v1/users/${acme.userId}`, { role: 'admin' }, acme.userId],
        ['PATCH', `/v1/tokens/${tokenId}`, { expiresInSeconds: 60 }, tokenId],
      ] as const;
      for (const [method, path, body, id] of deeds) {
        reader.batches.length = 0;
        assert.equal((await call(`${method} ${auth.httpUrl}${path}`, { token, body })).status, 200);
        await reader.hears(id);
      }
      const { cursor } = reader;
      await call(`DELETE ${auth.httpUrl}/v1/tokens/${tokenId}`, { token });
      await call(`PATCH ${auth.httpUrl}/v1/agents/agent_aaaaaaaaaaaaaaaa`, { token, body: {} });
      assert.deepEqual((await reader.list(cursor)).revocations, []);
    });

    it('continue at a cursor, and start anew where it is not known', async () => {
      const { auth, acme } = await startSeededAuth(kind, cleanup);
      const reader = new RevocationReader(auth.grpcAddress);
      cleanup.add(() => reader.close());
      const { cursor } = await reader.watch('');
      reader.close();
      const late = new RevocationReader(auth.grpcAddress);
      cleanup.add(() => late.close());
      const tokenId = await revokeOne(auth.httpUrl, acme.adminToken);
      const expected = [{ kind: 'SUBJECT_KIND_TOKEN', id: tokenId }];
      const continued = await late.watch(cursor);
      assert.deepEqual([continued.reset, continued.revocations], [false, expected]);
      assert.deepEqual((await late.list(cursor)).revocations, expected);
      const strange = [
        'nonsense',
        `${'0'.repeat(32)}.0`,
        cursor.replace(/\d+$/, '999999'),
        '1'.repeat(10_000),
      ];
      for (const unknown of strange) {
        const batch = await late.list(unknown);
        assert.deepEqual([batch.reset, batch.revocations], [true, []]);
      }
      assert.equal(await stopAuth(auth), 0, 'streams do not keep the service from stopping');
    });
  });
}

describe('revocations among several instances', { skip: skipWithout(...postgresPrograms) }, () => {
  const cleanup = new Cleanup();
  let server: PostgresServer;
  let one: RunningAuth;
  let other: RunningAuth;
  let adminToken: string;
  let url: string;

  before(async () => {
    server = await startPostgres();
    cleanup.add(() => server.dispose());
    url = await server.createDatabase();
    const database = openPostgresDatabase({ url, maximumConnections: 2 });
    ({ adminToken } = await seedOrganisation(database, 'acme'));
    await database.close();
    one = await startAuth({ cleanup, environment: { DATABASE_URL: url } });
    other = await startAuth({ cleanup, environment: { DATABASE_URL: url } });
  });

  it('are heard of at every instance, in one order and without gaps', async () => {
    const readers = [one, other].map(({ grpcAddress }) => new RevocationReader(grpcAddress));
    for (const reader of readers) cleanup.add(() => reader.close());
    await Promise.all(readers.map((reader) => reader.watch('')));
    const ids = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        revokeOne((index % 2 === 0 ? one : other).httpUrl, adminToken),
      ),
    );
    for (const reader of readers) for (const id of ids) await reader.hears(id);
    const orders = readers.map(({ batches }) => batches.flatMap(({ revocations }) => revocations));
    assert.equal(orders[0]?.length, ids.length);
    assert.deepEqual(orders[0], orders[1]);
  });

  it('fall silent while the database is away, and make up for it', async () => {
    const reader = new RevocationReader(one.grpcAddress);
    cleanup.add(() => reader.close());
    await reader.watch('');
    await server.stop();
    await eventually(
      async () => {
        const { length } = reader.batches;
        await wait(600);
        return reader.batches.length === length || undefined;
      },
      { what: 'silence' },
    );
    await server.start();
    const tokenId = await eventually(() => revokeOne(other.httpUrl, adminToken), {
      what: 'a revocation after the outage',
    });
    await reader.hears(tokenId);
    assert.ok(!reader.ended);
    assert.ok(reader.batches.slice(1).every(({ reset }) => !reset));
  });
});
