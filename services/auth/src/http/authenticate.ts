import type { FastifyRequest } from 'fastify';
import type { Queryable } from '../database/database.ts';
import type { TokenHasher } from '../tokens/token-hash.ts';
import { judgeToken, type Principal, type TokenVerdict } from '../tokens/token-verdict.ts';
import { Problem } from './problem.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whom the bearer token acts for; set before any handler runs. */
    principal: Principal;
  }
}

type Refusal = Exclude<TokenVerdict['status'], 'ok'>;

const refusals: Record<Refusal, string> = {
  unknown: 'The bearer token is not known. Send a token of an admin.',
  expired: 'The bearer token has expired. Send one that has not.',
  revoked: 'The bearer token was revoked. Send one that was not.',
};

function bearerToken(request: FastifyRequest): string {
  const match = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '');
  if (match?.[1] !== undefined) return match[1];
  throw new Problem(401, {
    code: 'missing_token',
    message: 'This call needs the header "Authorization: Bearer <token of an admin>".',
  });
}

/** Lets only tokens with the role admin through, and says for whom the request acts. */
export async function authenticateAdmin(
  request: FastifyRequest,
  { database, hasher }: { database: Queryable; hasher: TokenHasher },
): Promise<void> {
  const verdict = await judgeToken(bearerToken(request), { database, hasher, now: new Date() });
  if (verdict.status !== 'ok') {
    throw new Problem(401, { code: `${verdict.status}_token`, message: refusals[verdict.status] });
  }
  const { principal } = verdict;
  request.principal = principal;
  request.ibex.orgId = principal.orgId;
  if (principal.userId !== undefined) request.ibex.userId = principal.userId;
  if (principal.role !== 'admin') {
    throw new Problem(403, {
      code: 'admin_required',
      message: `This call needs the role admin: your token has the role ${principal.role}.`,
    });
  }
}
