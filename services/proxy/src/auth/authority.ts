import { hash } from 'node:crypto';
import { type ServiceError, status } from '@grpc/grpc-js';
import type { AgentVerdict, RevocationBatch, TokenVerdict } from '@ibex/api/auth';
import type { Telemetry } from '@ibex/telemetry';
import { ApiError } from '../api-error.ts';
import { createThrottle } from '../throttle.ts';
import type { AuthClient } from './auth-client.ts';
import { RevocationWatch } from './revocation-watch.ts';
import { type Judged, type LookupResult, VerdictCache } from './verdict-cache.ts';

/** How long a refusal is remembered when the auth service does not say. */
const negativeTtlMs = 5_000;
const retryAfterSeconds = 2;
/** The auth service counts wrong tokens by the minute, and an older one does not say how much of it is left. */
const longestDampedSeconds = 60;
const noticeEveryMs = 10_000;

export interface AuthorityOptions {
  readonly client: AuthClient;
  readonly telemetry: Telemetry;
  /** Most verdicts on tokens, and as many on agents, kept in memory. */
  readonly cacheEntries: number;
}

/** What the auth service says about tokens and agents, remembered until it takes it back. */
export class Authority {
  readonly #client: AuthClient;
  readonly #tokens: VerdictCache<TokenVerdict>;
  readonly #agents: VerdictCache<AgentVerdict>;
  readonly #watch: RevocationWatch;
  readonly #revoked: (result: 'applied' | 'reset', count: number) => void;
  readonly #reportOutage: (error: unknown) => void;

  constructor(options: AuthorityOptions) {
    const { client, telemetry, cacheEntries } = options;
    const lookups = telemetry.metrics.counter('ibex_proxy_auth_cache_lookups_total');
    const revocations = telemetry.metrics.counter('ibex_proxy_auth_revocations_total');
    const cacheOptions = {
      maximumEntries: cacheEntries,
      onLookup: (result: LookupResult) => lookups.increment({ result }),
      isWatched: () => this.#watch.isLive(),
    };
    this.#client = client;
    this.#tokens = new VerdictCache(cacheOptions);
    this.#agents = new VerdictCache(cacheOptions);
    this.#revoked = (result, count) => revocations.increment({ result }, count);
    this.#watch = new RevocationWatch({
      source: client,
      telemetry,
      onBatch: (batch) => this.#takeBack(batch),
    });
    this.#reportOutage = createThrottle(noticeEveryMs, (error, suppressed) => {
      telemetry.logger.error('auth service unreachable', {
        dependency: 'auth',
        error,
        count: suppressed + 1,
      });
    });
  }

  /**
   * The verdict on a token: at once where it is known.
   *
   * @throws {ApiError} 503 when the auth service cannot be asked, 429 when it was sent too many wrong tokens.
   */
  judgeToken(token: string, { clientAddress = '' } = {}): TokenVerdict | Promise<TokenVerdict> {
    // Keyed by a digest, so that a heap dump does not hold the tokens.
    const key = hash('sha256', token, 'base64');
    return (
      this.#tokens.known(key) ??
      this.#ask(() => this.#tokens.find(key, () => this.#token(token, clientAddress)))
    );
  }

  /** @throws {ApiError} 503 when the auth service cannot be asked. */
  async judgeAgent(agentId: string, orgId: string): Promise<AgentVerdict> {
    return this.#ask(() => this.#agents.find(`${orgId}\n${agentId}`, () => this.#agent(agentId, orgId)));
  }

  /** Stops listening for revocations. */
  close(): Promise<void> {
    return this.#watch.stop();
  }

  #takeBack({ reset, revocations }: RevocationBatch): void {
    if (reset) {
      this.#tokens.forgetAll();
      this.#agents.forgetAll();
      this.#revoked('reset', 1);
    }
    for (const { kind, id } of revocations) {
      this.#tokens.forget(`${kind} ${id}`);
      this.#agents.forget(`${kind} ${id}`);
    }
    if (revocations.length > 0) this.#revoked('applied', revocations.length);
  }

  async #ask<Verdict>(find: () => Promise<Verdict>): Promise<Verdict> {
    try {
      return await find();
    } catch (error) {
      if (isDamped(error)) throw tooManyAttempts(error);
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

  async #token(token: string, clientAddress: string): Promise<Judged<TokenVerdict>> {
    const verdict = await this.#client.validateToken(token, clientAddress);
    const negative = verdict.status !== 'TOKEN_STATUS_OK';
    if (negative) return { verdict, negative, ttlMs: verdict.cacheTtlMs || negativeTtlMs };
    const expiresInMs = verdict.expiresAtUnixMs === 0 ? Infinity : verdict.expiresAtUnixMs - Date.now();
    return {
      verdict,
      negative,
      ttlMs: Math.min(verdict.cacheTtlMs, expiresInMs),
      watchedTtlMs: Math.min(verdict.watchedCacheTtlMs, expiresInMs),
      subjects: [
        `SUBJECT_KIND_TOKEN ${verdict.tokenId}`,
        `SUBJECT_KIND_ORGANISATION ${verdict.orgId}`,
        ...(verdict.userId === '' ? [] : [`SUBJECT_KIND_USER ${verdict.userId}`]),
        ...(verdict.agentId === '' ? [] : [`SUBJECT_KIND_AGENT ${verdict.agentId}`]),
      ],
    };
  }

  async #agent(agentId: string, orgId: string): Promise<Judged<AgentVerdict>> {
    const verdict = await this.#client.validateAgent(agentId, orgId);
    const negative = verdict.status !== 'AGENT_STATUS_OK';
    return {
      verdict,
      negative,
      ttlMs: verdict.cacheTtlMs || (negative ? negativeTtlMs : 0),
      watchedTtlMs: verdict.watchedCacheTtlMs,
      subjects: [`SUBJECT_KIND_AGENT ${agentId}`, `SUBJECT_KIND_ORGANISATION ${orgId}`],
    };
  }
}

function isDamped(error: unknown): error is ServiceError {
  return error instanceof Error && 'code' in error && error.code === status.RESOURCE_EXHAUSTED;
}

function tooManyAttempts(cause: ServiceError): ApiError {
  const [told] = cause.metadata?.get('retry-after') ?? [];
  const seconds = /^[1-9]\d?$/.test(String(told)) ? Number(told) : longestDampedSeconds;
  return new ApiError(429, {
    type: 'rate_limit_error',
    code: 'too_many_attempts',
    message: `There were too many wrong tokens from your address or for this token. Try again in ${seconds} s.`,
    headers: { 'retry-after': String(seconds), 'x-should-retry': 'false' },
    cause,
  });
}
