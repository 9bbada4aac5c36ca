import { insertAgent } from '../agents/agent-repository.ts';
import type { Database } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { randomIdentifier } from '../identifiers.ts';
import { ensureOrganisation } from '../organisations/organisation-repository.ts';
import { issueToken } from '../tokens/issue-token.ts';
import { TokenHasher } from '../tokens/token-hash.ts';
import type { NewToken } from '../tokens/token-repository.ts';
import { ensureUser } from '../users/user-repository.ts';
import { testHashKey } from './auth-process.ts';

/** An organisation with one of everything. */
export interface SeededOrganisation {
  readonly orgId: string;
  readonly userId: string;
  readonly adminToken: string;
  readonly adminTokenId: string;
  readonly expiredToken: string;
  readonly agentId: string;
}

/** Brings the schema up and fills in an organisation, as an earlier release might have left it. */
export async function seedOrganisation(database: Database, name: string): Promise<SeededOrganisation> {
  const hasher = new TokenHasher(testHashKey);
  await migrate(database);
  return database.transaction(async (transaction) => {
    const orgId = await ensureOrganisation(transaction, name);
    const userId = await ensureUser(transaction, { orgId, name: 'admin', role: 'admin' });
    const token: Omit<NewToken, 'id' | 'hash'> = {
      orgId,
      owner: { userId },
      name: 'seeded',
      origin: 'issued',
      expiresAt: null,
    };
    const admin = await issueToken(transaction, { hasher, token });
    const expiredToken = { ...token, expiresAt: new Date(Date.now() - 1000) };
    const expired = await issueToken(transaction, { hasher, token: expiredToken });
    const agent = await insertAgent(transaction, { id: `agent_${randomIdentifier()}`, orgId, name: 'robot' });
    return {
      orgId,
      userId,
      adminToken: admin.text,
      adminTokenId: admin.token.id,
      expiredToken: expired.text,
      agentId: agent.id,
    };
  });
}
