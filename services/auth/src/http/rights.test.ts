import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { eventually } from '../../../../tests/src/support/eventually.ts';
import { call, type Schemas, VerdictClient } from '../testing/auth-client.ts';
import { Cleanup } from '../testing/cleanup.ts';
import { databaseKinds } from '../testing/databases.ts';
import { readCredentialsContent, type SeededAuth, startSeededAuth } from '../testing/seeded-auth.ts';

const limits = {
  requestsPerMinute: 60,
  tokensPerMinute: 5_000_000_000,
  concurrentRequests: 3,
  monthlyTokenBudget: 9_007_199_254_740_991,
  monthlyCostBudgetMicros: 1_500_000,
};

for (const kind of databaseKinds) {
  describe(`rights: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();
    let seeded: SeededAuth;
    let client: VerdictClient;
    let operator: string;

    const asAdmin = <Body = Schemas['Error']>(
      route: `${'GET' | 'POST' | 'PATCH' | 'DELETE'} ${string}`,
      { body, token = seeded.acme.adminToken }: { body?: unknown; token?: string } = {},
    ) => {
      const [method, path] = route.split(' ') as ['GET' | 'POST' | 'PATCH' | 'DELETE', string];
      return call<Body>(`${method} ${seeded.auth.httpUrl}/v1${path}`, { token, body });
    };
    const issue = async (body: object) =>
      (await asAdmin<Schemas['IssuedToken']>('POST /tokens', { body: { name: 'x', ...body } })).body;

    before(async () => {
      seeded = await startSeededAuth(kind, cleanup);
      client = new VerdictClient(seeded.auth.grpcAddress);
      cleanup.add(() => client.close());
      operator = readCredentialsContent(seeded.credentialsFile).admin_token;
    });

    it('puts limits and scopes of organisation, agent and token into the verdict', async () => {
      const { orgId } = seeded.acme;
      const agent = await asAdmin<Schemas['Agent']>('POST /agents', {
        body: { name: 'bound', limits: { concurrentRequests: 1 }, scopes: { models: ['echo', 'gpt-*'] } },
      });
      const token = await issue({ agentId: agent.body.id, limits, scopes: { endpoints: ['responses'] } });
      const changed = await asAdmin<Schemas['Organisation']>(`PATCH /organisations/${orgId}`, {
        token: operator,
        body: { limits: { requestsPerMinute: 1200 }, captureContent: true },
      });
      assert.deepEqual([changed.status, changed.body.captureContent], [200, true]);
      const verdict = await client.validateToken(token.token);
      assert.equal(verdict.requestsPerMinute, 1200);
      assert.equal(verdict.organisationLimits?.requestsPerMinute, 1200);
      assert.deepEqual(verdict.tokenLimits, limits);
      assert.deepEqual(verdict.scopes, { models: [], endpoints: ['responses'] });
      assert.equal(verdict.captureContent, true);
      assert.equal(verdict.agentId, agent.body.id);
      assert.equal(verdict.agentLimits?.concurrentRequests, 1);
      assert.deepEqual(verdict.agentScopes, { models: ['echo', 'gpt-*'], endpoints: [] });
      await asAdmin(`PATCH /agents/${agent.body.id}`, { body: { scopes: { models: [] } } });
      const agentVerdict = await client.validateAgent(agent.body.id, orgId);
      assert.deepEqual(agentVerdict.scopes, { models: [], endpoints: [] });
      assert.equal(agentVerdict.limits?.concurrentRequests, 1, 'what was left out stays');
      await asAdmin(`DELETE /agents/${agent.body.id}`);
      assert.equal((await client.validateToken(token.token)).status, 'TOKEN_STATUS_REVOKED');
    });

    it('refuses limits and scopes that are none', async () => {
      const cases = [
        [{ limits: { requestsPerMinute: -1 } }, 'limits.requestsPerMinute'],
        [{ limits: { requestsPerSecond: 1 } }, 'limits.requestsPerSecond'],
        [{ limits: 5 }, 'limits'],
        [{ scopes: { models: ['a*b'] } }, 'scopes.models'],
        [{ scopes: { models: Array.from({ length: 101 }, () => 'x') } }, 'scopes.models'],
        [{ scopes: { endpoints: ['everything'] } }, 'scopes.endpoints'],
        [{ agentId: 'agent_aaaaaaaaaaaaaaaa' }, 'agentId'],
      ] as const;
      for (const [body, field] of cases) {
        const answer = await asAdmin('POST /tokens', { body: { name: 'x', ...body } });
        assert.deepEqual([answer.status, answer.body.error.field], [400, field]);
      }
    });

    it('rotates a token: both are valid for the overlap, once', async () => {
      const old = await issue({ expiresInSeconds: 7200, limits, scopes: { models: ['echo'] } });
      const rotated = await asAdmin<Schemas['IssuedToken']>(`POST /tokens/${old.id}/rotate`, {
        body: { overlapSeconds: 600, audit: { reason: 'quarterly' } },
      });
      assert.equal(rotated.status, 201);
      assert.notEqual(rotated.body.id, old.id);
      assert.deepEqual([rotated.body.limits, rotated.body.scopes], [old.limits, old.scopes]);
      const [before, after] = [
        await client.validateToken(old.token),
        await client.validateToken(rotated.body.token),
      ];
      assert.deepEqual([before.status, after.status], ['TOKEN_STATUS_OK', 'TOKEN_STATUS_OK']);
      assert.ok(before.expiresAtUnixMs <= Date.now() + 600_000);
      assert.ok(after.expiresAtUnixMs > Date.now() + 7_000_000);
      const again = await asAdmin(`POST /tokens/${old.id}/rotate`);
      assert.deepEqual([again.status, again.body.error.code], [409, 'token_rotated']);
      const atOnce = await asAdmin<Schemas['IssuedToken']>(`POST /tokens/${rotated.body.id}/rotate`, {
        body: { overlapSeconds: 0 },
      });
      assert.equal(atOnce.status, 201);
      assert.equal((await client.validateToken(rotated.body.token)).status, 'TOKEN_STATUS_EXPIRED');
      assert.equal((await client.validateToken(old.token)).status, 'TOKEN_STATUS_OK', 'its overlap goes on');
    });

    it('disables and enables a user with all of its tokens, and keeps the last admin', async () => {
      const { userId } = seeded.acme;
      const created = await asAdmin<Schemas['User']>('POST /users', { body: { name: 'ann', role: 'ops' } });
      const token = await issue({ userId: created.body.id });
      const patch = (body: object) => asAdmin(`PATCH /users/${created.body.id}`, { body });
      assert.equal((await patch({ disabled: true })).status, 200);
      assert.equal((await client.validateToken(token.token)).status, 'TOKEN_STATUS_REVOKED');
      await patch({ disabled: false, role: 'member' });
      assert.equal((await client.validateToken(token.token)).role, 'member');
      const last = await asAdmin(`PATCH /users/${userId}`, { body: { disabled: true } });
      assert.deepEqual([last.status, last.body.error.code], [409, 'last_admin']);
      const twice = await asAdmin('POST /users', { body: { name: 'ann', role: 'ops' } });
      assert.deepEqual([twice.status, twice.body.error.code], [409, 'name_taken']);
    });

    it('makes an organisation with an admin, limits it, and disables it', async () => {
      const created = await asAdmin<Schemas['CreatedOrganisation']>('POST /organisations', {
        token: operator,
        body: { name: 'newcomer', limits: { tokensPerMinute: 10 }, audit: { reason: 'signed up' } },
      });
      assert.equal(created.status, 201);
      const { id, adminToken } = created.body;
      const verdict = await client.validateToken(adminToken);
      assert.deepEqual([verdict.orgId, verdict.role], [id, 'admin']);
      assert.equal(verdict.organisationLimits?.tokensPerMinute, 10);
      const log = await asAdmin<Schemas['AuditPage']>('GET /audit', { token: adminToken });
      assert.deepEqual(
        log.body.entries.map(({ action, metadata }) => [action, metadata.reason]),
        [['organisation.create', 'signed up']],
      );
      await asAdmin(`PATCH /organisations/${id}`, { token: operator, body: { disabled: true } });
      assert.equal((await client.validateToken(adminToken)).status, 'TOKEN_STATUS_REVOKED');
      const own = await asAdmin<Schemas['OrganisationPage']>('GET /organisations', { token: operator });
      const operates = own.body.organisations.find((organisation) => organisation.operates);
      const self = await asAdmin(`PATCH /organisations/${operates?.id}`, {
        token: operator,
        body: { disabled: true },
      });
      assert.deepEqual([self.status, self.body.error.field], [400, 'disabled']);
    });

    it('lets an organisation in again that has no token left, and writes that into its log', async () => {
      const created = await asAdmin<Schemas['CreatedOrganisation']>('POST /organisations', {
        token: operator,
        body: { name: 'locked out' },
      });
      const { id, adminToken } = created.body;
      const own = await asAdmin<Schemas['TokenPage']>('GET /tokens', { token: adminToken });
      await asAdmin(`DELETE /tokens/${own.body.tokens[0]?.id}`, { token: adminToken });
      assert.equal((await asAdmin('GET /tokens', { token: adminToken })).status, 401);
      const help = () =>
        asAdmin<Schemas['IssuedToken']>(`POST /organisations/${id}/admin-token`, {
          token: operator,
          body: { audit: { reason: 'they called' } },
        });
      const { status, body } = await help();
      assert.equal(status, 201);
      const verdict = await client.validateToken(body.token);
      assert.deepEqual([verdict.orgId, verdict.role, verdict.operates], [id, 'admin', false]);
      const dayMs = 86_400_000;
      assert.ok(
        (body.expiresAtUnixMs ?? 0) > Date.now() && (body.expiresAtUnixMs ?? 0) <= Date.now() + dayMs,
      );
      const log = await asAdmin<Schemas['AuditPage']>('GET /audit', { token: body.token });
      const [entry] = log.body.entries;
      assert.deepEqual(
        [entry?.action, entry?.targetId, entry?.metadata.reason],
        ['token.issue', body.id, 'they called'],
      );
      await asAdmin(`PATCH /organisations/${id}`, { token: operator, body: { disabled: true } });
      const refused: { status: number; body: unknown } = await help();
      assert.equal(refused.status, 409);
      assert.match(JSON.stringify(refused.body), /organisation_disabled/);
    });

    it('knows when a token was used last, without a write for each use', async () => {
      const token = await issue({});
      for (let use = 0; use < 20; use += 1) await client.validateToken(token.token);
      const used = await eventually(
        async () => {
          const { body } = await asAdmin<Schemas['TokenPage']>('GET /tokens');
          return body.tokens.find(({ id }) => id === token.id)?.lastUsedAtUnixMs ?? undefined;
        },
        { timeoutMs: 30_000, what: 'the use of the token' },
      );
      assert.ok(used >= token.createdAtUnixMs);
      const exposition = await (await fetch(`${seeded.auth.httpUrl}/metrics`)).text();
      const writes = /ibex_db_query_duration_seconds_count\{operation="token_used"\} (\d+)/.exec(exposition);
      assert.ok(Number(writes?.[1]) < 10);
    });
  });
}
