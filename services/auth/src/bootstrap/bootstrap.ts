import type { Telemetry } from '@ibex/telemetry';
import { insertAuditEntry } from '../audit/audit-repository.ts';
import type { Database, Queryable } from '../database/database.ts';
import { ensureOrganisation } from '../organisations/organisation-repository.ts';
import { publishRevocation } from '../revocations/revocation-repository.ts';
import { issueToken } from '../tokens/issue-token.ts';
import type { TokenHasher } from '../tokens/token-hash.ts';
import { batchedLookups } from '../tokens/token-lookups.ts';
import { type NewToken, revokeTokensByOrigin } from '../tokens/token-repository.ts';
import { judgeToken } from '../tokens/token-verdict.ts';
import { ensureUser } from '../users/user-repository.ts';
import { type Credentials, readCredentials, writeCredentials } from './credentials-file.ts';

/** Any number but the migrations': held by the one instance that makes the first credentials. */
const lockKey = 7_193_448_211;

type BootstrapOrigin = 'api_key' | 'admin_token';

const names: Record<BootstrapOrigin, string> = { api_key: 'first API key', admin_token: 'first admin token' };

const deed = {
  actor: { tokenId: null, userId: null },
  metadata: { reason: 'first start', request_scope: 'bootstrap' },
  requestId: null,
};

export interface BootstrapOptions {
  readonly database: Database;
  readonly hasher: TokenHasher;
  readonly telemetry: Telemetry;
  readonly credentialsFile: string;
}

async function isValid(transaction: Queryable, { text, hasher }: { text: unknown; hasher: TokenHasher }) {
  if (typeof text !== 'string') return false;
  const verdict = await judgeToken(text, { findToken: batchedLookups(transaction), hasher, now: new Date() });
  return verdict.status === 'ok';
}

/** Issues a token in place of the ones this service made before under the same name in the file. */
async function replaceToken(
  transaction: Queryable,
  { hasher, token }: { hasher: TokenHasher; token: Omit<NewToken, 'id' | 'hash'> },
): Promise<string> {
  const { orgId, origin } = token;
  for (const targetId of await revokeTokensByOrigin(transaction, { orgId, origin })) {
    const resource = { orgId, id: targetId };
    await insertAuditEntry(transaction, { ...deed, action: 'token.revoke', resource });
    await publishRevocation(transaction, { kind: 'token', id: targetId });
  }
  const issued = await issueToken(transaction, { hasher, token });
  const resource = { orgId, id: issued.token.id };
  await insertAuditEntry(transaction, { ...deed, action: 'token.issue', resource });
  return issued.text;
}

async function replaceInvalid(
  transaction: Queryable,
  { hasher, present }: { hasher: TokenHasher; present: Credentials },
): Promise<Record<string, string>> {
  const orgId = await ensureOrganisation(transaction, 'default', { operates: true });
  const userId = await ensureUser(transaction, { orgId, name: 'admin', role: 'admin' });
  const owners: Record<BootstrapOrigin, NewToken['owner']> = {
    api_key: { role: 'member' },
    admin_token: { userId },
  };
  const replaced: Record<string, string> = {};
  for (const origin of ['api_key', 'admin_token'] as const) {
    if (await isValid(transaction, { text: present[origin], hasher })) continue;
    const token = { orgId, owner: owners[origin], name: names[origin], origin, expiresAt: null };
    replaced[origin] = await replaceToken(transaction, { hasher, token });
  }
  return replaced;
}

/**
 * Sees to it that the organisation "default", its admin, and working credentials in the file exist. Tokens in the file
 * that are valid stay; others are replaced and revoked. Other keys of the file are kept.
 *
 * @throws {SettingsError} when the file cannot be read or written; nothing is changed then.
 */
export async function bootstrap(options: BootstrapOptions): Promise<void> {
  const { database, hasher, telemetry, credentialsFile } = options;
  await database.transaction(async (transaction) => {
    await transaction.query({
      operation: 'bootstrap',
      text: `select pg_advisory_xact_lock(${lockKey})`,
    });
    const present = readCredentials(credentialsFile);
    const replaced = await replaceInvalid(transaction, { hasher, present });
    const count = Object.keys(replaced).length;
    if (count === 0) return;
    writeCredentials(credentialsFile, { ...present, ...replaced });
    telemetry.logger.info('credentials written', { path: credentialsFile, count });
  });
}
