import { type Limits, limitsOf, type Scopes, scopesOf } from '../rights.ts';
import type { Role } from '../roles.ts';
import type { TokenHasher } from './token-hash.ts';
import type { FindToken } from './token-lookups.ts';
import type { TokenForVerdict } from './token-repository.ts';
import { tokenIdOf } from './token-text.ts';

/** The agent a token is bound to. */
export interface BoundAgent {
  readonly id: string;
  readonly limits: Limits;
  readonly scopes: Scopes;
}

/** Whom a valid token acts for, and how far. */
export interface Principal {
  readonly tokenId: string;
  readonly orgId: string;
  /** Undefined for a token of the organisation itself. */
  readonly userId: string | undefined;
  readonly role: Role;
  readonly expiresAt: Date | undefined;
  readonly limits: Limits;
  readonly scopes: Scopes;
  readonly organisation: {
    readonly limits: Limits;
    readonly captureContent: boolean;
    /** It runs this installation: its admins manage the organisations. */
    readonly operates: boolean;
  };
  readonly agent: BoundAgent | undefined;
}

export type TokenVerdict =
  | { readonly status: 'ok'; readonly principal: Principal }
  | { readonly status: 'unknown' | 'expired' | 'revoked' };

function agentOf(token: TokenForVerdict): BoundAgent | undefined {
  if (token.agent_id === null) return undefined;
  return { id: token.agent_id, limits: limitsOf(token.agent_limits), scopes: scopesOf(token.agent_scopes) };
}

function principalOf(token: TokenForVerdict): Principal {
  return {
    tokenId: token.id,
    orgId: token.org_id,
    userId: token.user_id ?? undefined,
    role: token.role,
    expiresAt: token.expires_at ?? undefined,
    limits: limitsOf(token.limits),
    scopes: scopesOf(token.scopes),
    organisation: {
      limits: limitsOf(token.organisation_limits),
      captureContent: token.capture_content,
      operates: token.organisation_operates,
    },
    agent: agentOf(token),
  };
}

/**
 * Judges a token's text. Only who has the whole secret learns that a token is expired or revoked: to everyone else it is
 * unknown. A token of a disabled organisation, user or agent is as good as revoked.
 */
export async function judgeToken(
  text: string,
  { findToken, hasher, now }: { findToken: FindToken; hasher: TokenHasher; now: Date },
): Promise<TokenVerdict> {
  const id = tokenIdOf(text);
  if (id === undefined) return { status: 'unknown' };
  const token = await findToken(id);
  const matches = hasher.matches(text, token?.hash);
  if (token === undefined || !matches) return { status: 'unknown' };
  if (token.revoked_at !== null || token.disabled) return { status: 'revoked' };
  if (token.expires_at !== null && token.expires_at <= now) return { status: 'expired' };
  return { status: 'ok', principal: principalOf(token) };
}
