import type { components } from '@ibex/api/auth-http';
import type { IssuedToken } from '../tokens/issue-token.ts';
import type { Token } from '../tokens/token-repository.ts';
import { shownLimits, shownScopes } from './shown-rights.ts';

type Schemas = components['schemas'];

/** A token as the API shows it. */
export function shownToken(token: Token): Schemas['Token'] {
  return {
    id: token.id,
    name: token.name,
    role: token.role,
    userId: token.userId,
    agentId: token.agentId,
    limits: shownLimits(token.limits),
    scopes: shownScopes(token.scopes),
    createdAtUnixMs: token.createdAt.getTime(),
    expiresAtUnixMs: token.expiresAt?.getTime() ?? null,
    revokedAtUnixMs: token.revokedAt?.getTime() ?? null,
    lastUsedAtUnixMs: token.lastUsedAt?.getTime() ?? null,
    rotatedTo: token.rotatedTo,
  };
}

/** With its text, which is shown this once. */
export function shownIssuedToken({ token, text }: IssuedToken): Schemas['IssuedToken'] {
  return { token: text, ...shownToken(token) };
}
