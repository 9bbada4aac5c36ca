import type { Queryable } from '../database/database.ts';
import type { TokenHasher } from './token-hash.ts';
import { insertToken, type NewToken, type Token } from './token-repository.ts';
import { createTokenText } from './token-text.ts';

/** A token and, this once, its text. */
export interface IssuedToken {
  readonly token: Token;
  readonly text: string;
}

/** Makes a token. The text is returned and only its hash is kept. The caller writes the audit entry. */
export async function issueToken(
  transaction: Queryable,
  options: { hasher: TokenHasher; token: Omit<NewToken, 'id' | 'hash'> },
): Promise<IssuedToken> {
  const { id, text } = createTokenText();
  const token = await insertToken(transaction, { ...options.token, id, hash: options.hasher.hash(text) });
  return { token, text };
}
