import type { Queryable } from '../database/database.ts';
import type { Role } from '../roles.ts';
import type { TokenHasher } from './token-hash.ts';
import { findTokenForVerdict, type TokenForVerdict } from './token-repository.ts';
import { tokenIdOf } from './token-text.ts';

/** Whom a valid token acts for. */
export interface Principal {
  readonly tokenId: string;
  readonly orgId: string;
  /** Undefined for a token of the organisation itself. */
  readonly userId: string | undefined;
  readonly role: Role;
  readonly expiresAt: Date | undefined;
  /** The organisation's own limit; 0 leaves it to the gateway's default. */
  readonly requestsPerMinute: number;
}

export type TokenVerdict =
  | { readonly status: 'ok'; readonly principal: Principal }
  | { readonly status: 'unknown' | 'expired' | 'revoked' };

function principalOf(token: TokenForVerdict): Principal {
  return {
    tokenId: token.id,
    orgId: token.org_id,
    userId: token.user_id ?? undefined,
    role: token.role,
    expiresAt: token.expires_at ?? undefined,
    requestsPerMinute: token.requests_per_minute,
  };
}

/**
 * Judges a token's text. Only who has the whole secret learns that a token is expired or revoked: to everyone else it is
 * unknown.
 */
export async function judgeToken(
  text: string,
  { database, hasher, now }: { database: Queryable; hasher: TokenHasher; now: Date },
): Promise<TokenVerdict> {
  const id = tokenIdOf(text);
  if (id === undefined) return { status: 'unknown' };
  const token = await findTokenForVerdict(database, id);
  const matches = hasher.matches(text, token?.hash);
  if (token === undefined || !matches) return { status: 'unknown' };
  if (token.revoked_at !== null) return { status: 'revoked' };
  if (token.expires_at !== null && token.expires_at <= now) return { status: 'expired' };
  return { status: 'ok', principal: principalOf(token) };
}
