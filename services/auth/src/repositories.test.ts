import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { disableAgent, findAgent, insertAgent, listAgents } from './agents/agent-repository.ts';
import { insertAuditEntry, listAuditEntries } from './audit/audit-repository.ts';
import { type Database, DatabaseError } from './database/database.ts';
import { randomIdentifier } from './identifiers.ts';
import { ensureOrganisation } from './organisations/organisation-repository.ts';
import type { Page, PageRequest } from './page.ts';
import { noLimits } from './rights.ts';
import { testHashKey } from './testing/auth-process.ts';
import { Cleanup } from './testing/cleanup.ts';
import { databaseKinds } from './testing/databases.ts';
import { type SeededOrganisation, seedOrganisation } from './testing/seed.ts';
import { issueToken } from './tokens/issue-token.ts';
import { TokenHasher } from './tokens/token-hash.ts';
import { batchedLookups } from './tokens/token-lookups.ts';
import { insertToken, listTokens, revokeToken } from './tokens/token-repository.ts';
import { createTokenText } from './tokens/token-text.ts';
import { judgeToken } from './tokens/token-verdict.ts';
import { ensureUser, findUser } from './users/user-repository.ts';

const hasher = new TokenHasher(testHashKey);
const deed = { actor: { tokenId: null, userId: null }, metadata: { reason: 'test' }, requestId: 'request-1' };

/** Every item of a list, fetched in pages of two. */
async function allPages<Item>(fetchPage: (page: PageRequest) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let before: string | undefined;
  do {
    const page = await fetchPage({ limit: 2, before });
    assert.ok(page.items.length <= 2);
    items.push(...page.items);
    before = page.nextCursor ?? undefined;
  } while (before !== undefined);
  return items;
}

for (const kind of databaseKinds) {
  describe(`repositories: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();
    let database: Database;
    let acme: SeededOrganisation;
    let rival: SeededOrganisation;

    const judge = (text: string, now = new Date()) =>
      judgeToken(text, { findToken: batchedLookups(database), hasher, now });
    const issue = (name: string, expiresAt: Date | null = null) =>
      database.transaction(async (transaction) => {
        const { orgId } = acme;
        const token = { orgId, owner: { role: 'ops' }, name, origin: 'issued', expiresAt } as const;
        const issued = await issueToken(transaction, { hasher, token });
        const resource = { orgId, id: issued.token.id };
        await insertAuditEntry(transaction, { ...deed, action: 'token.issue', resource });
        return issued;
      });

    before(async () => {
      database = await (await kind.createPlace(cleanup)).open();
      cleanup.add(() => database.close());
      acme = await seedOrganisation(database, 'acme');
      rival = await seedOrganisation(database, 'rival');
    });

    it('make an organisation and its user once', async () => {
      assert.equal(await ensureOrganisation(database, 'acme'), acme.orgId);
      const user = { orgId: acme.orgId, name: 'admin', role: 'admin' } as const;
      assert.equal(await ensureUser(database, user), acme.userId);
      assert.equal((await findUser(database, acme))?.name, 'admin');
      assert.equal(await findUser(database, { orgId: acme.orgId, userId: rival.userId }), undefined);
    });

    it('judge a token through its whole life', async () => {
      const expiresAt = new Date(Date.now() + 60_000);
      const { token, text } = await issue('short-lived', expiresAt);
      const verdict = await judge(text);
      assert.deepEqual(verdict, {
        status: 'ok',
        principal: {
          tokenId: token.id,
          orgId: acme.orgId,
          userId: undefined,
          role: 'ops',
          expiresAt,
          limits: noLimits,
          scopes: { models: [], endpoints: [] },
          organisation: { limits: noLimits, captureContent: false, operates: false },
          agent: undefined,
        },
      });
      assert.deepEqual(await judge(text, expiresAt), { status: 'expired' });
      await revokeToken(database, { orgId: acme.orgId, tokenId: token.id });
      assert.deepEqual(await judge(text), { status: 'revoked' });
    });

    it('give a token of a user the role the user has now', async () => {
      const verdict = await judge(acme.adminToken);
      assert.ok(verdict.status === 'ok');
      assert.equal(verdict.principal.userId, acme.userId);
      assert.equal(verdict.principal.role, 'admin');
      await ensureUser(database, { orgId: acme.orgId, name: 'admin', role: 'member' });
      const demoted = await judge(acme.adminToken);
      assert.ok(demoted.status === 'ok');
      assert.equal(demoted.principal.role, 'member');
      await ensureUser(database, { orgId: acme.orgId, name: 'admin', role: 'admin' });
    });

    it('know nothing of a token with a right id and a wrong secret, dead or alive', async () => {
      for (const known of [acme.adminToken, acme.expiredToken]) {
        const forged = known.slice(0, -43) + createTokenText().text.slice(-43);
        assert.deepEqual(await judge(forged), { status: 'unknown' });
      }
      assert.deepEqual(await judge(createTokenText().text), { status: 'unknown' });
      assert.deepEqual(await judge("ibex_' or 1=1 --"), { status: 'unknown' });
    });

    it('store nothing of a token but its hash', async () => {
      const { token, text } = await issue('secret');
      const rows = await database.query<{ row: string }>({
        operation: 'token_find',
        text: "select t::text || encode(t.hash, 'escape') as row from tokens t where id = $1",
        values: [token.id],
      });
      assert.equal(rows.length, 1);
      assert.ok(!rows[0]?.row.includes(text.slice(-43)));
    });

    it('refuse a token with a user and a role, with neither, and with the user of another organisation', async () => {
      const { id, text } = createTokenText();
      const token = {
        id,
        orgId: acme.orgId,
        name: 'x',
        origin: 'issued',
        hash: hasher.hash(text),
        expiresAt: null,
      };
      const owners = [{ userId: acme.userId, role: 'admin' }, { userId: rival.userId }] as const;
      for (const owner of owners) {
        await assert.rejects(insertToken(database, { ...token, origin: 'issued', owner }), DatabaseError);
      }
    });

    it('revoke and disable once, and only in their organisation', async () => {
      const { token } = await issue('revoked twice');
      const ofRival = { orgId: rival.orgId, tokenId: token.id };
      const ofAcme = { orgId: acme.orgId, tokenId: token.id };
      assert.equal(await revokeToken(database, ofRival), 'not_found');
      assert.equal(await revokeToken(database, ofAcme), 'revoked');
      assert.equal(await revokeToken(database, ofAcme), 'already_revoked');
      const { agentId, orgId } = acme;
      assert.equal(await disableAgent(database, { orgId: rival.orgId, agentId }), 'not_found');
      assert.equal(await disableAgent(database, { orgId, agentId }), 'disabled');
      assert.equal(await disableAgent(database, { orgId, agentId }), 'already_disabled');
      assert.notEqual((await findAgent(database, { orgId, agentId }))?.disabledAt, null);
      assert.equal(await findAgent(database, { orgId: rival.orgId, agentId }), undefined);
    });

    it('page through lists newest first, each organisation its own', async () => {
      // More than ten, so that an order by digits would show.
      const names = Array.from({ length: 12 }, (_, index) => `name ${index}`);
      for (const name of names) {
        await issue(name);
        await insertAgent(database, { id: `agent_${randomIdentifier()}`, orgId: acme.orgId, name });
      }
      const { orgId } = acme;
      const tokens = await allPages((page) => listTokens(database, { orgId, page }));
      assert.deepEqual(
        tokens.slice(0, names.length).map(({ name }) => name),
        names.toReversed(),
      );
      assert.equal(new Set(tokens.map(({ id }) => id)).size, tokens.length);
      const agents = await allPages((page) => listAgents(database, { orgId, page }));
      assert.deepEqual(
        agents.map(({ name }) => name),
        [...names.toReversed(), 'robot'],
      );
      const others = await allPages((page) => listTokens(database, { orgId: rival.orgId, page }));
      assert.equal(others.length, 2);
      assert.ok(others.every((token) => token.orgId === rival.orgId));
    });

    it('keep an audit entry exactly when they keep what it records', async () => {
      const { orgId } = acme;
      const entries = () => allPages((page) => listAuditEntries(database, { orgId, page }));
      const before = await entries();
      const { token } = await issue('recorded');
      const [entry, ...rest] = await entries();
      assert.deepEqual(rest, before);
      assert.equal(entry?.targetId, token.id);
      assert.equal(entry?.action, 'token.issue');
      assert.deepEqual(entry?.metadata, { reason: 'test' });
      const undone = database.transaction(async (transaction) => {
        const agent = { id: `agent_${randomIdentifier()}`, orgId, name: 'undone' };
        await insertAgent(transaction, agent);
        await insertAuditEntry(transaction, {
          ...deed,
          action: 'agent.create',
          resource: { orgId, id: agent.id },
        });
        throw new Error('undone');
      });
      await assert.rejects(undone, /undone/);
      assert.equal((await entries()).length, before.length + 1);
    });
  });
}
