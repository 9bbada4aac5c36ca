import { type handleUnaryCall, type ServiceError, status } from '@grpc/grpc-js';
import type { AuthServiceHandlers } from '@ibex/api/auth';
import type { Telemetry } from '@ibex/telemetry';
import { findAgent } from '../agents/agent-repository.ts';
import { DatabaseError, type Queryable } from '../database/database.ts';
import { isIdentifier } from '../identifiers.ts';
import type { TokenHasher } from '../tokens/token-hash.ts';
import { judgeToken, type TokenVerdict } from '../tokens/token-verdict.ts';

/** What verdicts are made from. */
export interface VerdictOptions {
  readonly database: Queryable;
  readonly hasher: TokenHasher;
  readonly telemetry: Telemetry;
  /** How long a caller may go on trusting a verdict: the longest a revocation takes to be felt. */
  readonly cacheTtlMs: number;
}

const tokenStatuses = {
  ok: 'TOKEN_STATUS_OK',
  unknown: 'TOKEN_STATUS_UNKNOWN',
  expired: 'TOKEN_STATUS_EXPIRED',
  revoked: 'TOKEN_STATUS_REVOKED',
} as const;

const tokenResults = { ok: 'ok', unknown: 'error', expired: 'error', revoked: 'revoked' } as const;

/** No verdict was reached. Why stands in the log and the span, not in what the caller is told. */
function failure(error: unknown): Partial<ServiceError> {
  return error instanceof DatabaseError && error.unavailable
    ? { code: status.UNAVAILABLE, details: 'The database does not answer.' }
    : { code: status.INTERNAL, details: 'The service failed. Its log has the request id.' };
}

/** A handler that answers what `judge` resolves to and observes how long it took by result. */
function unary<Request, Response, Result extends string>(
  telemetry: Telemetry,
  {
    judge,
    observe,
  }: {
    judge: (request: Request) => Promise<{ response: Response; result: Result }>;
    observe: (result: Result | 'error', seconds: number) => void;
  },
): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    const startedAt = performance.now();
    const elapsedSeconds = () => (performance.now() - startedAt) / 1000;
    try {
      const { response, result } = await judge(call.request);
      observe(result, elapsedSeconds());
      callback(null, response);
    } catch (error) {
      observe('error', elapsedSeconds());
      const answer = failure(error);
      // A database out of reach is logged once, by its watch, not once per call.
      if (answer.code !== status.UNAVAILABLE)
        telemetry.logger.error('no verdict could be reached', { error });
      callback(answer);
    }
  };
}

/** Until the verdict or the token itself ends, whichever is sooner. */
function tokenTtlMs(verdict: TokenVerdict, cacheTtlMs: number): number {
  const expiresAt = verdict.status === 'ok' ? verdict.principal.expiresAt : undefined;
  if (expiresAt === undefined) return cacheTtlMs;
  return Math.max(0, Math.min(cacheTtlMs, expiresAt.getTime() - Date.now()));
}

function tokenResponse(verdict: TokenVerdict, cacheTtlMs: number) {
  const common = {
    status: tokenStatuses[verdict.status],
    cacheTtlMs: tokenTtlMs(verdict, cacheTtlMs),
  };
  if (verdict.status !== 'ok') return common;
  const { principal } = verdict;
  return {
    ...common,
    tokenId: principal.tokenId,
    orgId: principal.orgId,
    userId: principal.userId ?? '',
    role: principal.role,
    expiresAtUnixMs: principal.expiresAt?.getTime() ?? 0,
    requestsPerMinute: principal.requestsPerMinute,
  };
}

function validateToken(options: VerdictOptions): AuthServiceHandlers['ValidateToken'] {
  const durations = options.telemetry.metrics.histogram('ibex_auth_validate_token_duration_seconds');
  return unary(options.telemetry, {
    judge: async (request: { token: string }) => {
      const verdict = await judgeToken(request.token, { ...options, now: new Date() });
      return {
        response: tokenResponse(verdict, options.cacheTtlMs),
        result: tokenResults[verdict.status],
      };
    },
    observe: (result, seconds) => durations.observe({ result }, seconds),
  });
}

function validateAgent(options: VerdictOptions): AuthServiceHandlers['ValidateAgent'] {
  const durations = options.telemetry.metrics.histogram('ibex_auth_validate_agent_duration_seconds');
  const { database, cacheTtlMs } = options;
  return unary(options.telemetry, {
    judge: async ({ agentId, orgId }: { agentId: string; orgId: string }) => {
      const present = isIdentifier('agent', agentId) && isIdentifier('org', orgId);
      const agent = present ? await findAgent(database, { orgId, agentId }) : undefined;
      const usable = agent !== undefined && agent.disabledAt === null;
      return {
        response: {
          status: usable ? 'AGENT_STATUS_OK' : 'AGENT_STATUS_NOT_FOUND',
          name: usable ? agent.name : '',
          cacheTtlMs,
        },
        result: usable ? 'ok' : 'not_found',
      };
    },
    observe: (result, seconds) => durations.observe({ result }, seconds),
  });
}

/** The handlers of `ibex.auth.v1.AuthService`. */
export function verdictHandlers(options: VerdictOptions): AuthServiceHandlers {
  return { ValidateToken: validateToken(options), ValidateAgent: validateAgent(options) };
}
