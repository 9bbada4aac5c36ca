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

/** One of the two things that are counted per minute, by its header names. */
interface Counted {
  readonly limit: string;
  readonly remaining: string;
  readonly reset: string;
  readonly limitOf: (used: Used) => number;
  readonly remainingOf: (used: Used) => number;
}

const requests: Counted = {
  limit: 'x-ratelimit-limit-requests',
  remaining: 'x-ratelimit-remaining-requests',
  reset: 'x-ratelimit-reset-requests',
  limitOf: ({ subject }) => subject.requestsPerMinute,
  remainingOf: ({ subject, requests: used }) => subject.requestsPerMinute - used,
};
const tokens: Counted = {
  limit: 'x-ratelimit-limit-tokens',
  remaining: 'x-ratelimit-remaining-tokens',
  reset: 'x-ratelimit-reset-tokens',
  limitOf: ({ subject }) => subject.tokensPerMinute,
  remainingOf: ({ subject, tokens: used }) => subject.tokensPerMinute - used,
};

/** The subject that is nearest to its end: of what is left to others the caller has no use. */
function tightest(used: readonly Used[], { limitOf, remainingOf }: Counted): Used | undefined {
  let found: Used | undefined;
  for (const each of used) {
    if (limitOf(each) === 0) continue;
    if (found === undefined || remainingOf(each) < remainingOf(found)) found = each;
  }
  return found;
}

function write(reply: FastifyReply, used: readonly Used[], counted: Counted): void {
  const found = tightest(used, counted);
  if (found === undefined) return;
  const limit = counted.limitOf(found);
  const remaining = counted.remainingOf(found);
  reply.header(counted.limit, limit);
  reply.header(counted.remaining, Math.max(0, Math.floor(remaining)));
  reply.header(counted.reset, formatDuration(((limit - remaining) / limit) * minuteMs));
}

/** Tells the caller what is left, of the subject that has least. */
export function writeLimitHeaders(reply: FastifyReply, used: readonly Used[]): void {
  write(reply, used, requests);
  write(reply, used, tokens);
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
