import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { call, type Schemas, VerdictClient } from './testing/auth-client.ts';
import { startAuth, stopAuth } from './testing/auth-process.ts';
import { Cleanup } from './testing/cleanup.ts';
import { databaseKinds } from './testing/databases.ts';
import { readCredentialsContent } from './testing/seeded-auth.ts';

const acknowledgedBeforeKill = 40;
const writers = 4;

/** Issues tokens, revoking every second one, until the service stops answering; returns what was acknowledged. */
async function writeUntilEnd(url: string, { token, onIssued }: { token: string; onIssued: () => void }) {
  const issued: Schemas['IssuedToken'][] = [];
  const revoked: string[] = [];
  try {
    for (;;) {
      const answer = await call<Schemas['IssuedToken']>(`POST ${url}/v1/tokens`, {
        token,
        body: { name: 'x' },
      });
      assert.equal(answer.status, 201);
      issued.push(answer.body);
      if (issued.length % 2 === 0) {
        const deletion = await call(`DELETE ${url}/v1/tokens/${answer.body.id}`, { token });
        assert.equal(deletion.status, 204);
        revoked.push(answer.body.id);
      }
      onIssued();
    }
  } catch (error) {
    if (error instanceof assert.AssertionError) throw error;
    return { issued, revoked };
  }
}

async function allAuditEntries(url: string, token: string): Promise<Schemas['AuditEntry'][]> {
  const entries: Schemas['AuditEntry'][] = [];
  let query = '';
  for (;;) {
    const { body } = await call<Schemas['AuditPage']>(`GET ${url}/v1/audit?limit=1000${query}`, { token });
    entries.push(...body.entries);
    if (body.nextCursor === null) return entries;
    query = `&cursor=${body.nextCursor}`;
  }
}

for (const kind of databaseKinds) {
  describe(`what was acknowledged: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();

    it('survives kill -9 in the middle of writing', async () => {
      const place = await kind.createPlace(cleanup);
      const credentialsFile = join(cleanup.directory(), 'credentials.json');
      const environment = { ...place.environment, IBEX_CREDENTIALS_FILE: credentialsFile };
      const killed = await startAuth({ cleanup, environment });
      const token = readCredentialsContent(credentialsFile).admin_token;
      let acknowledged = 0;
      const onIssued = () => {
        acknowledged += 1;
        if (acknowledged === acknowledgedBeforeKill) killed.child.kill('SIGKILL');
      };
      const written = await Promise.all(
        Array.from({ length: writers }, () => writeUntilEnd(killed.httpUrl, { token, onIssued })),
      );
      await killed.exited;
      assert.equal(killed.child.signalCode, 'SIGKILL');

      const again = await startAuth({ cleanup, environment });
      assert.equal(
        readCredentialsContent(credentialsFile).admin_token,
        token,
        'the credentials are still valid',
      );
      const client = new VerdictClient(again.grpcAddress);
      cleanup.add(() => client.close());
      const issued = written.flatMap((part) => part.issued);
      const revoked = new Set(written.flatMap((part) => part.revoked));
      assert.ok(issued.length >= acknowledgedBeforeKill);
      for (const { id, token: text } of issued) {
        const { status } = await client.validateToken(text);
        if (revoked.has(id)) assert.equal(status, 'TOKEN_STATUS_REVOKED');
        // A revocation whose answer was lost may have happened.
        else assert.ok(status === 'TOKEN_STATUS_OK' || status === 'TOKEN_STATUS_REVOKED');
      }
      const entries = await allAuditEntries(again.httpUrl, token);
      const recorded = (action: string) =>
        new Set(entries.filter((entry) => entry.action === action).map(({ targetId }) => targetId));
      const issues = recorded('token.issue');
      const revocations = recorded('token.revoke');
      assert.ok(issued.every(({ id }) => issues.has(id)));
      assert.ok([...revoked].every((id) => revocations.has(id)));
      assert.equal(await stopAuth(again), 0);
    });
  });
}
