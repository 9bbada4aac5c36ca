import type { LimitSubject } from './subjects.ts';

/** What a subject has too much of. */
export type LimitedThing = 'requests' | 'tokens' | 'concurrency';

/** What a request wants to use: one request, so many tokens, and, with a lease, a place. */
export interface Wanted {
  readonly subjects: readonly LimitSubject[];
  /** Reserved until the request ends and `settle` says how many there were. */
  readonly tokens: number;
  /** Names the request's place among those under way; undefined for a request that takes none. */
  readonly lease: string | undefined;
}

/** What a subject has used: requests and tokens still counted against its minute, and its requests under way. */
export interface Used {
  readonly subject: LimitSubject;
  readonly requests: number;
  readonly tokens: number;
  readonly concurrent: number;
}

export interface Refusal {
  readonly subject: LimitSubject;
  readonly thing: LimitedThing;
  readonly used: number;
  /** Until the same request would pass; undefined when nobody can say. */
  readonly waitMs: number | undefined;
}

/** What was found. Nothing is used up by a request that is refused. */
export interface Taken {
  readonly used: readonly Used[];
  readonly refusal: Refusal | undefined;
}

/** The end of a request: what it had wanted, and how many tokens it used in truth. */
export interface Settlement extends Wanted {
  readonly actualTokens: number;
}

/**
 * Counts what subjects use. A minute is a bucket that empties evenly: of a limit of 60 a minute one request is free again
 * after each second. All subjects of a request are looked at and counted at once, or none.
 */
export interface LimitStore {
  /** Rejects, or throws, when it cannot count. */
  take(wanted: Wanted): Taken | Promise<Taken>;
  /** Puts the tokens right and frees the place. */
  settle(settlement: Settlement): void | Promise<void>;
  close(): void;
}

export const minuteMs = 60_000;

/** What is left of an amount in a bucket that empties evenly within a minute. */
export function leftAfter(
  amount: number,
  { elapsedMs, limit }: { elapsedMs: number; limit: number },
): number {
  return Math.max(0, amount - (Math.max(0, elapsedMs) * limit) / minuteMs);
}

function waitFor(excess: number, limit: number): number {
  return (excess / limit) * minuteMs;
}

/** The first limit of a subject that a request would break; undefined when it may pass. */
export function refusalOf(
  { subject, requests, tokens, concurrent }: Used,
  wanted: Wanted,
): Refusal | undefined {
  const { requestsPerMinute, tokensPerMinute, concurrentRequests } = subject;
  if (requestsPerMinute > 0 && requests + 1 > requestsPerMinute) {
    const waitMs = waitFor(requests + 1 - requestsPerMinute, requestsPerMinute);
    return { subject, thing: 'requests', used: requests, waitMs };
  }
  if (tokensPerMinute > 0 && wanted.tokens > 0 && tokens + wanted.tokens > tokensPerMinute) {
    const excess = tokens + wanted.tokens - tokensPerMinute;
    const waitMs = wanted.tokens > tokensPerMinute ? undefined : waitFor(excess, tokensPerMinute);
    return { subject, thing: 'tokens', used: tokens, waitMs };
  }
  if (concurrentRequests > 0 && wanted.lease !== undefined && concurrent + 1 > concurrentRequests) {
    return { subject, thing: 'concurrency', used: concurrent, waitMs: undefined };
  }
  return undefined;
}

/** What the subject has used once the request is counted. */
export function usedWith(used: Used, { tokens, lease }: Wanted): Used {
  const { subject } = used;
  return {
    subject,
    requests: subject.requestsPerMinute > 0 ? used.requests + 1 : 0,
    tokens: subject.tokensPerMinute > 0 ? used.tokens + tokens : 0,
    concurrent: subject.concurrentRequests > 0 && lease !== undefined ? used.concurrent + 1 : used.concurrent,
  };
}
