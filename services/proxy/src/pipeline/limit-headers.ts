import type { FastifyReply } from 'fastify';
import { ApiError } from '../api-error.ts';
import { minuteMs, type Refusal, type Used } from '../limits/limit-store.ts';
import { tooManyRequests } from './too-many-requests.ts';

/** As OpenAI writes it: `350ms`, `12s`, `1m0s`. */
function formatDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.ceil(durationMs)}ms`;
  const seconds = Math.ceil(durationMs / 1000);
  return seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
}

interface Bucket {
  readonly limit: number;
  readonly remaining: number;
}

/** The bucket that is nearest to its end: of what is left in others the caller has no use. */
function tightest(buckets: readonly Bucket[]): Bucket | undefined {
  const [first, ...others] = buckets;
  if (first === undefined) return undefined;
  return others.reduce((one, other) => (other.remaining < one.remaining ? other : one), first);
}

function headersOf(name: 'requests' | 'tokens', bucket: Bucket | undefined): Record<string, string | number> {
  if (bucket === undefined) return {};
  const { limit, remaining } = bucket;
  return {
    [`x-ratelimit-limit-${name}`]: limit,
    [`x-ratelimit-remaining-${name}`]: Math.max(0, Math.floor(remaining)),
    [`x-ratelimit-reset-${name}`]: formatDuration(((limit - remaining) / limit) * minuteMs),
  };
}

/** Tells the caller what is left, of the subject that has least. */
export function writeLimitHeaders(reply: FastifyReply, used: readonly Used[]): void {
  const requests = used
    .filter(({ subject }) => subject.requestsPerMinute > 0)
    .map((each) => ({
      limit: each.subject.requestsPerMinute,
      remaining: each.subject.requestsPerMinute - each.requests,
    }));
  const tokens = used
    .filter(({ subject }) => subject.tokensPerMinute > 0)
    .map((each) => ({
      limit: each.subject.tokensPerMinute,
      remaining: each.subject.tokensPerMinute - each.tokens,
    }));
  reply.headers({
    ...headersOf('requests', tightest(requests)),
    ...headersOf('tokens', tightest(tokens)),
  });
}

const owners = { organisation: 'Your organisation', agent: 'The agent', token: 'Your token' } as const;

/** When a place becomes free nobody knows. */
const placeWaitMs = 1_000;

/** The 429 that names the limit, whose it is, and how much of it is used. */
export function limitError({ subject, thing, used, waitMs }: Refusal, wantedTokens: number): ApiError {
  const owner = `${owners[subject.kind]} ${subject.id}`;
  const shown = Math.floor(used);
  if (thing === 'concurrency') {
    const message = `${owner} may have ${subject.concurrentRequests} requests under way at the same time and has ${shown}.`;
    return tooManyRequests(message, placeWaitMs);
  }
  if (thing === 'requests') {
    const message = `${owner} may send ${subject.requestsPerMinute} requests per minute, and ${Math.ceil(used)} are counted.`;
    return tooManyRequests(message, waitMs ?? minuteMs);
  }
  const limit = `${owner} may use ${subject.tokensPerMinute} tokens per minute`;
  const wanted = `this request may take ${wantedTokens} (a quarter of its bytes and its limit of output tokens)`;
  if (waitMs !== undefined) return tooManyRequests(`${limit}, ${shown} are counted, and ${wanted}.`, waitMs);
  return new ApiError(429, {
    type: 'rate_limit_error',
    code: 'rate_limit_exceeded',
    message: `${limit}, and ${wanted}. Make it smaller, or ask an admin for a higher limit.`,
    headers: { 'x-should-retry': 'false' },
  });
}
