import { hash } from 'node:crypto';
import type { AgentVerdict, TokenVerdict } from '@ibex/api/auth';
import type { Telemetry } from '@ibex/telemetry';
import { ApiError } from '../api-error.ts';
import { createThrottle } from '../throttle.ts';
import type { AuthClient } from './auth-client.ts';
import { type Judged, VerdictCache } from './verdict-cache.ts';

/** How long a refusal is remembered when the auth service does not say. */
const negativeTtlMs = 5_000;
const retryAfterSeconds = 2;
const noticeEveryMs = 10_000;

export interface AuthorityOptions {
  readonly client: AuthClient;
  readonly telemetry: Telemetry;
  /** Most verdicts on tokens, and as many on agents, kept in memory. */
  readonly cacheEntries: number;
}

/** What the auth service says about tokens and agents, remembered within its revocation budget. */
export class Authority {
  readonly #client: AuthClient;
  readonly #tokens: VerdictCache<TokenVerdict>;
  readonly #agents: VerdictCache<AgentVerdict>;
  readonly #reportOutage: (error: unknown) => void;

  constructor(options: AuthorityOptions) {
    const { telemetry, cacheEntries } = options;
    const lookups = telemetry.metrics.counter('ibex_proxy_auth_cache_lookups_total');
    const cacheOptions = {
      maximumEntries: cacheEntries,
      onLookup: (result: 'hit' | 'miss' | 'coalesced' | 'negative') => lookups.increment({ result }),
    };
    this.#client = options.client;
    this.#tokens = new VerdictCache(cacheOptions);
    this.#agents = new VerdictCache(cacheOptions);
    this.#reportOutage = createThrottle(noticeEveryMs, (error, suppressed) => {
      telemetry.logger.error('auth service unreachable', {
        dependency: 'auth',
        error,
        count: suppressed + 1,
      });
    });
  }

  /** @throws {ApiError} 503 when the auth service cannot be asked. */
  async judgeToken(token: string): Promise<TokenVerdict> {
    // Keyed by a digest, so that a heap dump does not hold the tokens.
    return this.#ask(() => this.#tokens.find(hash('sha256', token, 'base64'), () => this.#token(token)));
  }

  /** @throws {ApiError} 503 when the auth service cannot be asked. */
  async judgeAgent(agentId: string, orgId: string): Promise<AgentVerdict> {
    return this.#ask(() => this.#agents.find(`${orgId}\n${agentId}`, () => this.#agent(agentId, orgId)));
  }

  async #ask<Verdict>(find: () => Promise<Verdict>): Promise<Verdict> {
    try {
      return await find();
    } catch (error) {
      this.#reportOutage(error);
      throw new ApiError(503, {
        type: 'api_error',
        code: 'auth_unavailable',
        message:
          'The token cannot be checked because the auth service does not answer. Try again in a moment.',
        headers: { 'retry-after': String(retryAfterSeconds), 'x-should-retry': 'true' },
        cause: error,
      });
    }
  }

  async #token(token: string): Promise<Judged<TokenVerdict>> {
    const verdict = await this.#client.validateToken(token);
    const negative = verdict.status !== 'TOKEN_STATUS_OK';
    if (negative) return { verdict, negative, ttlMs: verdict.cacheTtlMs || negativeTtlMs };
    const expiresInMs = verdict.expiresAtUnixMs === 0 ? Infinity : verdict.expiresAtUnixMs - Date.now();
    return { verdict, negative, ttlMs: Math.min(verdict.cacheTtlMs, expiresInMs) };
  }

  async #agent(agentId: string, orgId: string): Promise<Judged<AgentVerdict>> {
    const verdict = await this.#client.validateAgent(agentId, orgId);
    const negative = verdict.status !== 'AGENT_STATUS_OK';
    return { verdict, negative, ttlMs: verdict.cacheTtlMs || (negative ? negativeTtlMs : 0) };
  }
}
