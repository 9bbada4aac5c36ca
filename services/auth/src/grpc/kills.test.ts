import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import { call, type Schemas, VerdictClient } from '../testing/auth-client.ts';
import { Cleanup } from '../testing/cleanup.ts';
import { databaseKinds } from '../testing/databases.ts';
import { readCredentialsContent, type SeededAuth, startSeededAuth } from '../testing/seeded-auth.ts';
import { createTokenText } from '../tokens/token-text.ts';

const requestId = 'request-to-be-ended';
const gateway = 'gateway-1';

for (const kind of databaseKinds) {
  describe(`kills: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();
    let seeded: SeededAuth;
    let client: VerdictClient;
    let operator: string;

    before(async () => {
      seeded = await startSeededAuth(kind, cleanup);
      operator = readCredentialsContent(seeded.credentialsFile).admin_token;
      client = new VerdictClient(seeded.auth.grpcAddress);
      cleanup.add(() => client.close());
    });

    const kill = (token: string, ...orgIds: string[]) => ({
      token,
      requestId,
      orgIds,
      gateway,
      alreadyOver: false,
    });
    const logOf = async (token: string) => {
      const url = `GET ${seeded.auth.httpUrl}/v1/audit` as const;
      const { body } = await call<Schemas['AuditPage']>(url, { token });
      return body.entries.filter(({ action }) => action.startsWith('request.kill'));
    };

    it('stand in the log of the organisation, with who did it and what it was', async () => {
      const { acme } = seeded;
      const headers = { 'x-request-id': 'request-of-the-admin' };
      assert.equal(
        await client.recordKill(kill(acme.adminToken, acme.orgId), headers),
        'KILL_STATUS_RECORDED',
      );
      const [entry, ...others] = await logOf(acme.adminToken);
      assert.deepEqual(others, []);
      const { id, createdAtUnixMs, ...rest } = entry ?? assert.fail();
      assert.ok(Number(id) > 0 && createdAtUnixMs <= Date.now());
      assert.deepEqual(rest, {
        action: 'request.kill',
        targetId: requestId,
        actorTokenId: acme.adminTokenId,
        actorUserId: acme.userId,
        metadata: { node_id: gateway, request_scope: 'organisation' },
        requestId: 'request-of-the-admin',
      });
    });

    it('of several organisations are for admins of the one that runs the installation, one entry for each', async () => {
      const { acme, rival } = seeded;
      const before = (await logOf(acme.adminToken)).length;
      assert.equal(await client.recordKill(kill(operator, acme.orgId, rival.orgId)), 'KILL_STATUS_RECORDED');
      const [entry] = await logOf(rival.adminToken);
      assert.deepEqual(entry?.metadata, { node_id: gateway, request_scope: 'installation' });
      assert.equal((await logOf(acme.adminToken)).length, before + 1);
    });

    it('that came too late are followed by an entry that says so', async () => {
      const { acme } = seeded;
      const attempt = kill(acme.adminToken, acme.orgId);
      assert.equal(await client.recordKill(attempt), 'KILL_STATUS_RECORDED');
      assert.equal(await client.recordKill({ ...attempt, alreadyOver: true }), 'KILL_STATUS_RECORDED');
      const told = (await logOf(acme.adminToken)).slice(0, 2);
      assert.deepEqual(
        told.map(({ action, targetId, metadata }) => [action, targetId, metadata.node_id]),
        [
          ['request.kill_missed', requestId, gateway],
          ['request.kill', requestId, gateway],
        ],
      );
    });

    it('are refused to everybody else, without an entry', async () => {
      const { acme, rival, auth } = seeded;
      const ofRole = async (role: string) => {
        const issued = await call<Schemas['IssuedToken']>(`POST ${auth.httpUrl}/v1/tokens`, {
          token: acme.adminToken,
          body: { name: role, role },
        });
        return issued.body.token;
      };
      const before = [await logOf(acme.adminToken), await logOf(rival.adminToken)];
      const refused = [
        kill(rival.adminToken, acme.orgId),
        kill(acme.adminToken, acme.orgId, rival.orgId),
        kill(await ofRole('ops'), acme.orgId),
        kill(await ofRole('member'), acme.orgId),
        kill(acme.expiredToken, acme.orgId),
        kill(createTokenText().text, acme.orgId),
      ];
      for (const attempt of refused) {
        assert.equal(await client.recordKill(attempt), 'KILL_STATUS_NOT_ALLOWED');
      }
      assert.deepEqual([await logOf(acme.adminToken), await logOf(rival.adminToken)], before);
    });

    it('that cannot be written are refused by their rule, all or none', async () => {
      const { acme } = seeded;
      const right = kill(operator, acme.orgId);
      const before = await logOf(acme.adminToken);
      const wrong = [
        { ...right, requestId: '' },
        { ...right, requestId: 'with space and more' },
        { ...right, requestId: 'x'.repeat(65) },
        { ...right, gateway: '' },
        { ...right, gateway: 'x'.repeat(257) },
        { ...right, gateway: 'sk-abcdefghijklmnopqrstuvwx' },
        { ...right, orgIds: [] },
        { ...right, orgIds: [acme.orgId, acme.orgId] },
        { ...right, orgIds: ["org_' or ''='"] },
        { ...right, orgIds: [acme.orgId, 'org_aaaaaaaaaaaaaaaa'] },
        {
          ...right,
          orgIds: Array.from(
            { length: 17 },
            (_, index) => `org_${'a'.repeat(15)}${'abcdefghijklmnopq'[index]}`,
          ),
        },
      ];
      for (const attempt of wrong) {
        await assert.rejects(client.recordKill(attempt), { code: status.INVALID_ARGUMENT });
      }
      assert.deepEqual(await logOf(acme.adminToken), before);
    });
  });
}
