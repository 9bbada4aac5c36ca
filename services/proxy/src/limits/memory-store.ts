import { LRUCache } from 'lru-cache';
import {
  type LimitStore,
  leftAfter,
  refusalOf,
  type Settlement,
  type Taken,
  type Used,
  usedWith,
  type Wanted,
} from './limit-store.ts';
import type { LimitSubject } from './subjects.ts';

/** Subjects nobody has heard of for longest make room; they begin anew. */
const maximumSubjects = 100_000;

interface Bucket {
  requests: number;
  tokens: number;
  /** `performance.now()` the amounts are of. */
  at: number;
  /** Leases of the requests under way. */
  readonly leases: Set<string>;
}

/** Counts in this process. */
export class MemoryLimitStore implements LimitStore {
  readonly #buckets = new LRUCache<string, Bucket>({ max: maximumSubjects });
  readonly #now: () => number;

  /** `now` in milliseconds, never going back. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  take(wanted: Wanted): Taken {
    const before = wanted.subjects.map((subject) => this.#usedBy(subject));
    for (const used of before) {
      const refusal = refusalOf(used, wanted);
      if (refusal !== undefined) return { used: before, refusal };
    }
    const used = before.map((each) => usedWith(each, wanted));
    for (const each of used) this.#write(each, wanted);
    return { used, refusal: undefined };
  }

  settle({ subjects, tokens, actualTokens, lease }: Settlement): void {
    for (const subject of subjects) {
      const bucket = this.#bucketOf(subject);
      if (lease !== undefined) bucket.leases.delete(lease);
      if (subject.tokensPerMinute > 0) bucket.tokens = Math.max(0, bucket.tokens + actualTokens - tokens);
    }
  }

  close(): void {
    this.#buckets.clear();
  }

  #write({ subject, requests, tokens }: Used, { lease }: Wanted): void {
    const bucket = this.#bucketOf(subject);
    bucket.requests = requests;
    bucket.tokens = tokens;
    if (lease !== undefined && subject.concurrentRequests > 0) bucket.leases.add(lease);
  }

  #usedBy(subject: LimitSubject): Used {
    const { requests, tokens, leases } = this.#bucketOf(subject);
    return { subject, requests, tokens, concurrent: leases.size };
  }

  /** The subject's bucket, emptied up to now. */
  #bucketOf({ key, requestsPerMinute, tokensPerMinute }: LimitSubject): Bucket {
    const now = this.#now();
    const known = this.#buckets.get(key);
    if (known === undefined) {
      const bucket = { requests: 0, tokens: 0, at: now, leases: new Set<string>() };
      this.#buckets.set(key, bucket);
      return bucket;
    }
    const elapsedMs = now - known.at;
    known.requests = leftAfter(known.requests, { elapsedMs, limit: requestsPerMinute });
    known.tokens = leftAfter(known.tokens, { elapsedMs, limit: tokensPerMinute });
    known.at = now;
    return known;
  }
}
