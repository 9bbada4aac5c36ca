import type { FastifyRequest } from 'fastify';
import { type AttemptDamper, TooManyAttempts } from '../damping/attempt-damper.ts';
import type { TokenHasher } from '../tokens/token-hash.ts';
import type { FindToken } from '../tokens/token-lookups.ts';
import { judgeToken, type Principal, type TokenVerdict } from '../tokens/token-verdict.ts';
import type { UseRecorder } from '../tokens/use-recorder.ts';
import { type Access, accessOf } from './access.ts';
import { Problem } from './problem.ts';
import type { RequestRate } from './request-rate.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whom the bearer token acts for; set before any handler runs. */
    principal: Principal;
  }
}

export interface AuthenticateParts {
  readonly findToken: FindToken;
  readonly hasher: TokenHasher;
  readonly damper: AttemptDamper;
  readonly uses: UseRecorder;
  readonly rate: RequestRate;
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
    message: 'This call needs the token of an admin in the header "Authorization", after the word "Bearer".',
  });
}

async function judge(request: FastifyRequest, parts: AuthenticateParts): Promise<TokenVerdict> {
  const attempt = { token: bearerToken(request), address: request.ip };
  try {
    parts.damper.check(attempt);
  } catch (error) {
    if (!(error instanceof TooManyAttempts)) throw error;
    const { message, retryAfterSeconds } = error;
    throw new Problem(429, { code: 'too_many_attempts', message, retryAfterSeconds });
  }
  const verdict = await judgeToken(attempt.token, { ...parts, now: new Date() });
  parts.damper.record(attempt, { right: verdict.status !== 'unknown' });
  return verdict;
}

/** 403 for a principal who may not do what only others may. */
export function forbidden(access: Access, { role }: Principal): Problem {
  const required = {
    operator: ['operator_required', 'an admin of the organisation that runs this installation'],
    admin: ['admin_required', 'the role admin'],
    ops: ['ops_required', 'the role ops or admin'],
  } as const;
  const [code, who] = required[access];
  return new Problem(403, { code, message: `This call needs ${who}: your token has the role ${role}.` });
}

function isAllowed(access: Access, { role, organisation }: Principal): boolean {
  if (access === 'operator') return role === 'admin' && organisation.operates;
  return role === 'admin' || role === access;
}

/** Finds out for whom the request acts, and lets it through when the route is for them. */
export async function authenticate(request: FastifyRequest, parts: AuthenticateParts): Promise<void> {
  parts.rate.takeAddress(request.ip);
  const verdict = await judge(request, parts);
  if (verdict.status !== 'ok') {
    throw new Problem(401, { code: `${verdict.status}_token`, message: refusals[verdict.status] });
  }
  const { principal } = verdict;
  request.principal = principal;
  request.ibex.orgId = principal.orgId;
  if (principal.userId !== undefined) request.ibex.userId = principal.userId;
  parts.uses.note(principal.tokenId);
  parts.rate.takeOrganisation(principal.orgId);
  const template = request.routeOptions.url;
  if (request.is404 || template === undefined) return;
  const access = accessOf(request.method, template);
  if (!isAllowed(access, principal)) throw forbidden(access, principal);
}
