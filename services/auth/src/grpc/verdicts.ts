import { type handleUnaryCall, status } from '@grpc/grpc-js';
import type { AuthServiceHandlers, ValidateTokenResponse } from '@ibex/api/auth';
import type { Telemetry } from '@ibex/telemetry';
import { findAgent } from '../agents/agent-repository.ts';
import type { AttemptDamper } from '../damping/attempt-damper.ts';
import type { Queryable } from '../database/database.ts';
import { isIdentifier } from '../identifiers.ts';
import type { Scopes } from '../rights.ts';
import type { TokenHasher } from '../tokens/token-hash.ts';
import type { FindToken } from '../tokens/token-lookups.ts';
import { judgeToken, type TokenVerdict } from '../tokens/token-verdict.ts';
import type { UseRecorder } from '../tokens/use-recorder.ts';
import { failureOf } from './failure.ts';

/** What verdicts are made from. */
export interface VerdictOptions {
  readonly database: Queryable;
  readonly findToken: FindToken;
  readonly hasher: TokenHasher;
  readonly telemetry: Telemetry;
  readonly damper: AttemptDamper;
  readonly uses: UseRecorder;
  /** How long a caller may go on trusting a verdict: the longest a revocation takes to be felt. */
  readonly cacheTtlMs: number;
  /** The same for a caller that is told of revocations. */
  readonly watchedCacheTtlMs: number;
}

const tokenStatuses = {
  ok: 'TOKEN_STATUS_OK',
  unknown: 'TOKEN_STATUS_UNKNOWN',
  expired: 'TOKEN_STATUS_EXPIRED',
  revoked: 'TOKEN_STATUS_REVOKED',
} as const;

/** Of IPv6 with a zone, with room to spare. */
const maximumAddressLength = 64;

const tokenResults = { ok: 'ok', unknown: 'error', expired: 'error', revoked: 'revoked' } as const;

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
      const answer = failureOf(error);
      if (answer.code === status.INTERNAL) telemetry.logger.error('no verdict could be reached', { error });
      callback(answer);
    }
  };
}

/** The generated types want arrays that may be changed. */
function mutableScopes({ models, endpoints }: Scopes) {
  return { models: [...models], endpoints: [...endpoints] };
}

/** Until the token itself ends, at the longest. */
function untilExpiry(verdict: TokenVerdict, ttlMs: number): number {
  const expiresAt = verdict.status === 'ok' ? verdict.principal.expiresAt : undefined;
  if (expiresAt === undefined) return ttlMs;
  return Math.max(0, Math.min(ttlMs, expiresAt.getTime() - Date.now()));
}

function tokenResponse(verdict: TokenVerdict, options: VerdictOptions): ValidateTokenResponse {
  const common = {
    status: tokenStatuses[verdict.status],
    cacheTtlMs: untilExpiry(verdict, options.cacheTtlMs),
    watchedCacheTtlMs: untilExpiry(verdict, options.watchedCacheTtlMs),
  };
  if (verdict.status !== 'ok') return common;
  const { principal } = verdict;
  const { organisation, agent } = principal;
  return {
    ...common,
    tokenId: principal.tokenId,
    orgId: principal.orgId,
    userId: principal.userId ?? '',
    role: principal.role,
    expiresAtUnixMs: principal.expiresAt?.getTime() ?? 0,
    requestsPerMinute: organisation.limits.requestsPerMinute,
    organisationLimits: organisation.limits,
    tokenLimits: principal.limits,
    scopes: mutableScopes(principal.scopes),
    captureContent: organisation.captureContent,
    operates: organisation.operates,
    ...(agent === undefined
      ? {}
      : {
          agentId: agent.id,
          agentLimits: agent.limits,
          agentScopes: mutableScopes(agent.scopes),
        }),
  };
}

function validateToken(options: VerdictOptions): AuthServiceHandlers['ValidateToken'] {
  const { damper, uses } = options;
  const durations = options.telemetry.metrics.histogram('ibex_auth_validate_token_duration_seconds');
  return unary(options.telemetry, {
    judge: async ({ token, clientAddress }: { token: string; clientAddress: string }) => {
      const attempt = { token, address: clientAddress.slice(0, maximumAddressLength) };
      damper.check(attempt);
      const verdict = await judgeToken(token, { ...options, now: new Date() });
      damper.record(attempt, { right: verdict.status !== 'unknown' });
      if (verdict.status === 'ok') uses.note(verdict.principal.tokenId);
      return { response: tokenResponse(verdict, options), result: tokenResults[verdict.status] };
    },
    observe: (result, seconds) => durations.observe({ result }, seconds),
  });
}

function validateAgent(options: VerdictOptions): AuthServiceHandlers['ValidateAgent'] {
  const durations = options.telemetry.metrics.histogram('ibex_auth_validate_agent_duration_seconds');
  const { database, cacheTtlMs, watchedCacheTtlMs } = options;
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
          watchedCacheTtlMs,
          ...(usable ? { limits: agent.limits, scopes: mutableScopes(agent.scopes) } : {}),
        },
        result: usable ? ('ok' as const) : ('not_found' as const),
      };
    },
    observe: (result, seconds) => durations.observe({ result }, seconds),
  });
}

/** The verdicts of `ibex.auth.v1.AuthService`. */
export function verdictHandlers(
  options: VerdictOptions,
): Pick<AuthServiceHandlers, 'ValidateToken' | 'ValidateAgent'> {
  return { ValidateToken: validateToken(options), ValidateAgent: validateAgent(options) };
}
