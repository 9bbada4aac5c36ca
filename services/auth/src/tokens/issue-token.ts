import type { AuditMetadata } from '@ibex/telemetry/audit';
import { type AuditActor, insertAuditEntry } from '../audit/audit-repository.ts';
import type { Queryable } from '../database/database.ts';
import type { TokenHasher } from './token-hash.ts';
import { insertToken, type NewToken, type Token } from './token-repository.ts';
import { createTokenText } from './token-text.ts';

/** Who changes something and what they say about it; becomes the audit entry. */
export interface Deed {
  readonly actor: AuditActor;
  readonly metadata: AuditMetadata;
  readonly requestId: string | null;
}

/** A token and, this once, its text. */
export interface IssuedToken {
  readonly token: Token;
  readonly text: string;
}

/** Makes a token and its audit entry. The text is returned and only its hash is kept. */
export async function issueToken(
  transaction: Queryable,
  options: { hasher: TokenHasher; token: Omit<NewToken, 'id' | 'hash'>; deed: Deed },
): Promise<IssuedToken> {
  const { id, text } = createTokenText();
  const token = await insertToken(transaction, { ...options.token, id, hash: options.hasher.hash(text) });
  await insertAuditEntry(transaction, {
    ...options.deed,
    orgId: token.orgId,
    action: 'token.issue',
    targetId: token.id,
  });
  return { token, text };
}
