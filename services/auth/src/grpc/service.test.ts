import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { status } from '@grpc/grpc-js';
import { noLimits } from '../rights.ts';
import { call, type Schemas, VerdictClient } from '../testing/auth-client.ts';
import { Cleanup } from '../testing/cleanup.ts';
import { databaseKinds } from '../testing/databases.ts';
import { checkHealth, listServices } from '../testing/grpc-tools.ts';
import { readCredentialsContent, type SeededAuth, startSeededAuth } from '../testing/seeded-auth.ts';
import { createTokenText } from '../tokens/token-text.ts';

const everything = { models: [], endpoints: [] };

for (const kind of databaseKinds) {
  describe(`gRPC: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();
    let seeded: SeededAuth;
    let client: VerdictClient;

    before(async () => {
      seeded = await startSeededAuth(kind, cleanup);
      client = new VerdictClient(seeded.auth.grpcAddress);
      cleanup.add(() => client.close());
    });

    it('says whom a token acts for, and for how long that may be remembered', async () => {
      const { acme } = seeded;
      assert.deepEqual(await client.validateToken(acme.adminToken), {
        status: 'TOKEN_STATUS_OK',
        tokenId: acme.adminTokenId,
        orgId: acme.orgId,
        userId: acme.userId,
        role: 'admin',
        expiresAtUnixMs: 0,
        cacheTtlMs: 1000,
        watchedCacheTtlMs: 60_000,
        requestsPerMinute: 0,
        organisationLimits: noLimits,
        tokenLimits: noLimits,
        scopes: everything,
        captureContent: false,
        operates: false,
        agentId: '',
        agentLimits: null,
        agentScopes: null,
      });
    });

    it('knows the first credentials: a member of the organisation and its admin', async () => {
      const { api_key, admin_token } = readCredentialsContent(seeded.credentialsFile);
      const member = await client.validateToken(api_key);
      const admin = await client.validateToken(admin_token);
      assert.deepEqual([member.status, member.role, member.userId], ['TOKEN_STATUS_OK', 'member', '']);
      assert.deepEqual([admin.status, admin.role], ['TOKEN_STATUS_OK', 'admin']);
      assert.equal(member.orgId, admin.orgId);
      assert.notEqual(admin.userId, '');
    });

    it('never lets a verdict be remembered beyond the end of its token', async () => {
      const issued = await call<Schemas['IssuedToken']>(`POST ${seeded.auth.httpUrl}/v1/tokens`, {
        token: seeded.acme.adminToken,
        body: { name: 'brief', expiresInSeconds: 3 },
      });
      const verdict = await client.validateToken(issued.body.token);
      assert.equal(verdict.status, 'TOKEN_STATUS_OK');
      assert.equal(verdict.expiresAtUnixMs, issued.body.expiresAtUnixMs);
      assert.ok(verdict.cacheTtlMs <= 1000 && verdict.watchedCacheTtlMs <= 3000);
    });

    it('refuses what is unknown, expired or revoked, and says no more about it', async () => {
      const { acme, auth } = seeded;
      const issued = await call<Schemas['IssuedToken']>(`POST ${auth.httpUrl}/v1/tokens`, {
        token: acme.adminToken,
        body: { name: 'to be revoked' },
      });
      await call(`DELETE ${auth.httpUrl}/v1/tokens/${issued.body.id}`, { token: acme.adminToken });
      const unknown = [
        '',
        createTokenText().text,
        acme.adminToken.slice(0, -1),
        acme.adminToken.slice(0, -43) + createTokenText().text.slice(-43),
        "ibex_' or '1'='1",
        "'; drop table tokens; --",
        '\0\u{1F980}',
        'x'.repeat(60_000),
      ].map((text) => [text, 'TOKEN_STATUS_UNKNOWN'] as const);
      const cases = [
        ...unknown,
        [acme.expiredToken, 'TOKEN_STATUS_EXPIRED'] as const,
        [issued.body.token, 'TOKEN_STATUS_REVOKED'] as const,
      ];
      for (const [text, expected] of cases) {
        const { cacheTtlMs, watchedCacheTtlMs, ...verdict } = await client.validateToken(text);
        assert.deepEqual([cacheTtlMs, watchedCacheTtlMs], [1000, 60_000]);
        assert.deepEqual(verdict, {
          status: expected,
          tokenId: '',
          orgId: '',
          userId: '',
          role: '',
          expiresAtUnixMs: 0,
          requestsPerMinute: 0,
          organisationLimits: null,
          tokenLimits: null,
          scopes: null,
          captureContent: false,
          operates: false,
          agentId: '',
          agentLimits: null,
          agentScopes: null,
        });
      }
      assert.equal((await client.validateToken(acme.adminToken)).status, 'TOKEN_STATUS_OK');
    });

    it('does not take in a token of 1 MB', async () => {
      await assert.rejects(client.validateToken('x'.repeat(1_000_000)), { code: status.RESOURCE_EXHAUSTED });
      assert.equal((await client.validateToken(seeded.acme.adminToken)).status, 'TOKEN_STATUS_OK');
    });

    it('knows agents of the organisation that are enabled, and no others', async () => {
      const { acme, rival, auth } = seeded;
      const ttls = { cacheTtlMs: 1000, watchedCacheTtlMs: 60_000 };
      const found = {
        status: 'AGENT_STATUS_OK',
        name: 'robot',
        ...ttls,
        limits: noLimits,
        scopes: everything,
      };
      const missing = { status: 'AGENT_STATUS_NOT_FOUND', name: '', ...ttls, limits: null, scopes: null };
      assert.deepEqual(await client.validateAgent(acme.agentId, acme.orgId), found);
      assert.deepEqual(await client.validateAgent(acme.agentId, rival.orgId), missing);
      for (const agentId of ['', 'agent_', "agent_' or 1=1 --", '\0', 'x'.repeat(10_000)]) {
        assert.deepEqual(await client.validateAgent(agentId, acme.orgId), missing);
      }
      assert.deepEqual(await client.validateAgent(acme.agentId, "' or ''='"), missing);
      await call(`DELETE ${auth.httpUrl}/v1/agents/${acme.agentId}`, { token: acme.adminToken });
      assert.deepEqual(await client.validateAgent(acme.agentId, acme.orgId), missing);
    });

    it('reports its health and describes itself', async () => {
      const { grpcAddress } = seeded.auth;
      assert.equal(await checkHealth(grpcAddress, ''), 'SERVING');
      assert.equal(await checkHealth(grpcAddress, 'ibex.auth.v1.AuthService'), 'SERVING');
      await assert.rejects(checkHealth(grpcAddress, 'no.such.Service'), { code: status.NOT_FOUND });
      assert.deepEqual((await listServices(grpcAddress)).toSorted(), [
        'grpc.health.v1.Health',
        'ibex.auth.v1.AuthService',
        'ibex.usage.v1.UsageService',
      ]);
    });
  });
}
