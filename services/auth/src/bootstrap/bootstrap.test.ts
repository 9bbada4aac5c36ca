import assert from 'node:assert/strict';
import { chmodSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, it } from 'node:test';
import { SettingsError } from '@ibex/service';
import { startTestTelemetry } from '@ibex/telemetry/testing';
import { listAuditEntries } from '../audit/audit-repository.ts';
import type { Database } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { testHashKey } from '../testing/auth-process.ts';
import { Cleanup } from '../testing/cleanup.ts';
import { databaseKinds } from '../testing/databases.ts';
import { TokenHasher } from '../tokens/token-hash.ts';
import { batchedLookups } from '../tokens/token-lookups.ts';
import { listTokens } from '../tokens/token-repository.ts';
import { judgeToken } from '../tokens/token-verdict.ts';
import { bootstrap } from './bootstrap.ts';

const hasher = new TokenHasher(testHashKey);

for (const kind of databaseKinds) {
  describe(`bootstrap: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();
    const credentialsFile = join(cleanup.directory(), 'made', 'credentials.json');
    const { telemetry, destination } = startTestTelemetry('auth');
    let database: Database;

    const run = () => bootstrap({ database, hasher, telemetry, credentialsFile });
    const content = () => JSON.parse(readFileSync(credentialsFile, 'utf8')) as Record<string, string>;
    const judge = (text = '') =>
      judgeToken(text, { findToken: batchedLookups(database), hasher, now: new Date() });
    const organisation = async () => {
      const verdict = await judge(content().admin_token);
      assert.ok(verdict.status === 'ok');
      return verdict.principal.orgId;
    };

    before(async () => {
      database = await (await kind.createPlace(cleanup)).open();
      cleanup.add(() => database.close());
      cleanup.add(() => telemetry.stop());
      await migrate(database);
    });

    it('makes an admin token, an API key and the file for its owner only', async () => {
      await run();
      assert.equal(statSync(credentialsFile).mode & 0o777, 0o600);
      assert.deepEqual(Object.keys(content()), ['api_key', 'admin_token']);
      const verdicts = [await judge(content().api_key), await judge(content().admin_token)];
      assert.deepEqual(
        verdicts.map(
          (verdict) =>
            verdict.status === 'ok' && [verdict.principal.role, verdict.principal.userId === undefined],
        ),
        [
          ['member', true],
          ['admin', false],
        ],
      );
    });

    it('leaves a file alone whose tokens are valid, and what others wrote into it', async () => {
      const written = `${JSON.stringify({ ...content(), console_url: 'http://127.0.0.1:8090' })}\n`;
      writeFileSync(credentialsFile, written);
      await run();
      assert.equal(readFileSync(credentialsFile, 'utf8'), written);
    });

    it('replaces only a token that is not valid, revokes the one before it, and keeps other keys', async () => {
      const { api_key: oldKey, admin_token: adminToken } = content();
      writeFileSync(credentialsFile, JSON.stringify({ ...content(), api_key: 'ibex_nonsense' }));
      chmodSync(credentialsFile, 0o644);
      await run();
      assert.equal(content().admin_token, adminToken);
      assert.equal(content().console_url, 'http://127.0.0.1:8090');
      assert.equal(statSync(credentialsFile).mode & 0o777, 0o600);
      assert.equal((await judge(oldKey)).status, 'revoked');
      assert.equal((await judge(content().api_key)).status, 'ok');
    });

    it('makes new credentials when the file is gone, in the same organisation', async () => {
      const orgId = await organisation();
      const { api_key: oldKey, admin_token: oldAdmin } = content();
      rmSync(credentialsFile);
      await run();
      assert.deepEqual(
        [(await judge(oldKey)).status, (await judge(oldAdmin)).status],
        ['revoked', 'revoked'],
      );
      assert.equal(await organisation(), orgId);
    });

    it('records what it does', async () => {
      const orgId = await organisation();
      const { items } = await listAuditEntries(database, { orgId, page: { limit: 100 } });
      assert.deepEqual(items.map(({ action }) => action).toReversed(), [
        'token.issue',
        'token.issue',
        'token.revoke',
        'token.issue',
        'token.revoke',
        'token.issue',
        'token.revoke',
        'token.issue',
      ]);
      assert.ok(items.every(({ actor }) => actor.tokenId === null && actor.userId === null));
    });

    it('makes the credentials once when several instances start together', async () => {
      const orgId = await organisation();
      rmSync(credentialsFile);
      await Promise.all([run(), run(), run()]);
      const { items } = await listTokens(database, { orgId, page: { limit: 100 } });
      assert.equal(items.filter(({ revokedAt }) => revokedAt === null).length, 2);
      assert.equal((await judge(content().api_key)).status, 'ok');
      assert.equal((await judge(content().admin_token)).status, 'ok');
    });

    it('changes nothing when the file is no JSON object, and says what to do', async () => {
      const valid = readFileSync(credentialsFile, 'utf8');
      for (const text of ['{"api_key": "ibex_', '[]', '"text"', '']) {
        writeFileSync(credentialsFile, text);
        await assert.rejects(
          run(),
          (error) =>
            error instanceof SettingsError &&
            error.message.includes(credentialsFile) &&
            error.message.includes('Remove it and start again') &&
            !error.message.includes('ibex_'),
        );
        assert.equal(readFileSync(credentialsFile, 'utf8'), text);
      }
      writeFileSync(credentialsFile, valid);
      assert.equal((await judge(content().admin_token)).status, 'ok');
    });

    it('leaves no token behind when the file cannot be written', async () => {
      const orgId = await organisation();
      const before = await listTokens(database, { orgId, page: { limit: 100 } });
      const unwritable = join(credentialsFile, 'below', 'a-file.json');
      await assert.rejects(
        bootstrap({ database, hasher, telemetry, credentialsFile: unwritable }),
        (error) => error instanceof SettingsError && error.message.includes(unwritable),
      );
      assert.deepEqual(await listTokens(database, { orgId, page: { limit: 100 } }), before);
    });

    it('never writes a token into the log', () => {
      assert.ok(destination.text.length > 0);
      assert.ok(!destination.text.join('').includes(content().api_key?.slice(-43) ?? ''));
      assert.ok(!/ibex_[a-z2-7]{16}_/.test(destination.text.join('')));
    });
  });
}
