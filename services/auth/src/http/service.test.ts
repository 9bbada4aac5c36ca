import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { type Answer, type CallOptions, call, type Schemas } from '../testing/auth-client.ts';
import { Cleanup } from '../testing/cleanup.ts';
import { databaseKinds } from '../testing/databases.ts';
import { type SeededAuth, startSeededAuth } from '../testing/seeded-auth.ts';

for (const kind of databaseKinds) {
  describe(`HTTP: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();
    let seeded: SeededAuth;

    /** A call of acme's admin, with a path under `/v1`. */
    const asAdmin = <Body = Schemas['Error']>(methodAndPath: string, options: CallOptions = {}) => {
      const [method, path] = methodAndPath.split(' ') as ['GET' | 'POST' | 'DELETE', string];
      const url = `${seeded.auth.httpUrl}/v1${path}`;
      return call<Body>(`${method} ${url}`, { token: seeded.acme.adminToken, ...options });
    };
    const newestEntry = async () => {
      const { body } = await asAdmin<Schemas['AuditPage']>('GET /audit?limit=1');
      const [entry] = body.entries;
      assert.ok(entry !== undefined);
      return entry;
    };

    before(async () => {
      seeded = await startSeededAuth(kind, cleanup);
    });

    it('issues a token, shows its text once, and records who did it and why', async () => {
      const issued = await asAdmin<Schemas['IssuedToken']>('POST /tokens', {
        body: {
          name: 'Ci “runner”',
          role: 'ops',
          expiresInSeconds: 60,
          audit: { reason: 'new pipeline', old_value: null },
        },
        headers: { 'x-request-id': 'request-of-the-test' },
      });
      assert.equal(issued.status, 201);
      assert.match(issued.body.token, /^ibex_[a-z2-7]{16}_[A-Za-z0-9_-]{43}$/);
      assert.equal(issued.headers.get('cache-control'), 'no-store');
      assert.equal(issued.headers.get('x-request-id'), 'request-of-the-test');
      assert.match(issued.headers.get('x-trace-id') ?? '', /^[0-9a-f]{32}$/);
      const { token, ...rest } = issued.body;
      assert.equal(Number(rest.expiresAtUnixMs) - rest.createdAtUnixMs < 70_000, true);
      const listed = await asAdmin<Schemas['TokenPage']>('GET /tokens?limit=1');
      assert.deepEqual(listed.body.tokens, [rest]);
      assert.ok(!JSON.stringify(listed.body).includes(token.slice(-43)));
      const { createdAtUnixMs, id, ...entry } = await newestEntry();
      assert.ok(Math.abs(createdAtUnixMs - Date.now()) < 60_000 && id !== '');
      assert.deepEqual(entry, {
        action: 'token.issue',
        targetId: rest.id,
        actorTokenId: seeded.acme.adminTokenId,
        actorUserId: seeded.acme.userId,
        metadata: { reason: 'new pipeline', old_value: null },
        requestId: 'request-of-the-test',
      });
    });

    it("issues a token of a user, with that user's role", async () => {
      const { userId } = seeded.acme;
      const issued = await asAdmin<Schemas['IssuedToken']>('POST /tokens', {
        body: { name: 'mine', userId },
      });
      assert.deepEqual([issued.status, issued.body.role, issued.body.userId], [201, 'admin', userId]);
    });

    it('revokes a token with a reason, once', async () => {
      const issued = await asAdmin<Schemas['IssuedToken']>('POST /tokens', { body: { name: 'leaked' } });
      const { id, token } = issued.body;
      const secret = await asAdmin(`DELETE /tokens/${id}`, { body: { audit: { reason: `found ${token}` } } });
      const { error } = secret.body;
      assert.deepEqual(
        [secret.status, error.field, error.value],
        [400, 'audit.reason', '"found [REDACTED]"'],
      );
      const body = { audit: { reason: 'found in a log' } };
      assert.equal((await asAdmin(`DELETE /tokens/${id}`, { body })).status, 204);
      const entry = await newestEntry();
      assert.deepEqual([entry.action, entry.targetId], ['token.revoke', id]);
      assert.equal(entry.metadata.reason, 'found in a log');
      assert.equal((await asAdmin(`DELETE /tokens/${id}`)).status, 204);
      assert.equal((await newestEntry()).id, entry.id);
      const refused = await call(`GET ${seeded.auth.httpUrl}/v1/tokens`, { token });
      assert.deepEqual([refused.status, refused.body.error.code], [401, 'revoked_token']);
    });

    it('creates, lists and disables agents', async () => {
      const created = await asAdmin<Schemas['Agent']>('POST /agents', {
        body: { name: 'crawler', audit: { node_id: 7 } },
      });
      assert.equal(created.status, 201);
      assert.match(created.body.id, /^agent_[a-z2-7]{16}$/);
      assert.deepEqual((await newestEntry()).metadata, { node_id: 7 });
      assert.equal((await asAdmin(`DELETE /agents/${created.body.id}`)).status, 204);
      assert.equal((await newestEntry()).action, 'agent.disable');
      const { body } = await asAdmin<Schemas['AgentPage']>('GET /agents');
      assert.deepEqual(
        body.agents.map(({ name, disabledAtUnixMs }) => [name, disabledAtUnixMs !== null]),
        [
          ['crawler', true],
          ['robot', false],
        ],
      );
    });

    it('pages through a list with its cursor', async () => {
      for (let index = 0; index < 5; index += 1)
        await asAdmin('POST /agents', { body: { name: `page ${index}` } });
      const names: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const query: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const { body }: Answer<Schemas['AgentPage']> = await asAdmin(`GET /agents?limit=3${query}`);
        names.push(...body.agents.map(({ name }) => name));
        cursor = body.nextCursor;
      }
      assert.deepEqual(names.slice(0, 5), ['page 4', 'page 3', 'page 2', 'page 1', 'page 0']);
      assert.equal(names.length, 7);
    });

    it('shows and touches nothing of another organisation', async () => {
      const { acme, rival } = seeded;
      const before = await newestEntry();
      for (const path of [`/tokens/${rival.adminTokenId}`, `/agents/${rival.agentId}`]) {
        const answer = await asAdmin(`DELETE ${path}`);
        assert.deepEqual([answer.status, answer.body.error.code], [404, 'not_found']);
      }
      assert.equal((await newestEntry()).id, before.id);
      const pages = await Promise.all(['tokens', 'agents', 'audit'].map((list) => asAdmin(`GET /${list}`)));
      const text = JSON.stringify(pages.map(({ body }) => body));
      for (const id of [rival.orgId, rival.userId, rival.adminTokenId, rival.agentId])
        assert.ok(!text.includes(id));
      assert.ok(text.includes(acme.adminTokenId));
      const { status } = await call(`GET ${seeded.auth.httpUrl}/v1/agents`, { token: rival.adminToken });
      assert.equal(status, 200);
    });
  });
}
