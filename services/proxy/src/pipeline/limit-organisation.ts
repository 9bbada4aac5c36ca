import type { FastifyReply, FastifyRequest } from 'fastify';
import type { LimitVerdict, OrganisationLimiter } from '../limits/organisation-limiter.ts';
import { callerOf } from './authenticate.ts';
import { tooManyRequests } from './too-many-requests.ts';

export interface LimitOrganisationParts {
  readonly organisationLimiter: OrganisationLimiter;
  /** For organisations without a limit of their own. */
  readonly requestsPerMinute: number;
}

/** As OpenAI writes it: `350ms`, `12s`, `1m0s`. */
export function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.ceil(durationMs)}ms`;
  const seconds = Math.ceil(durationMs / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

function writeHeaders(reply: FastifyReply, verdict: LimitVerdict): void {
  reply.headers({
    'x-ratelimit-limit-requests': verdict.limit,
    'x-ratelimit-remaining-requests': verdict.remaining,
    'x-ratelimit-reset-requests': formatDuration(verdict.resetMs),
  });
}

/** Fourth step: the organisation's limit per minute. */
export function limitOrganisation(
  parts: LimitOrganisationParts,
): (request: FastifyRequest, reply: FastifyReply) => Promise<void> {
  return async (request, reply) => {
    const { orgId, requestsPerMinute } = callerOf(request);
    const limit = requestsPerMinute ?? parts.requestsPerMinute;
    const verdict = await parts.organisationLimiter.check(orgId, limit);
    if (verdict === undefined) return;
    writeHeaders(reply, verdict);
    if (verdict.allowed) return;
    throw tooManyRequests(`Your organisation may send ${limit} requests per minute.`, verdict.resetMs);
  };
}
