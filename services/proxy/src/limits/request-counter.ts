import { RateLimiterMemory, RateLimiterRedis, type RateLimiterRes } from 'rate-limiter-flexible';
import type { RedisConnection } from './redis.ts';

/** How often a key was counted in the current window. */
export interface WindowCount {
  readonly consumed: number;
  /** Until the window ends. */
  readonly resetMs: number;
}

/** Counts requests by key in windows of one minute. Rejects when it cannot count. */
export interface RequestCounter {
  count(key: string): Promise<WindowCount>;
}

const windowSeconds = 60;

/** The library compares with one limit for all; ours differ by organisation, so it only counts. */
const countOnly = { points: Number.MAX_SAFE_INTEGER, duration: windowSeconds };

function windowCount(result: RateLimiterRes): WindowCount {
  return { consumed: result.consumedPoints, resetMs: Math.max(0, result.msBeforeNext) };
}

/** Counts in this process. */
export function createMemoryCounter(): RequestCounter {
  const limiter = new RateLimiterMemory(countOnly);
  return { count: async (key) => windowCount(await limiter.consume(key)) };
}

/** Counts in Redis, for several proxies together. Rejects at once while there is no connection. */
export function createRedisCounter(redis: RedisConnection): RequestCounter {
  const limiter = new RateLimiterRedis({
    ...countOnly,
    storeClient: redis.client,
    keyPrefix: 'ibex:proxy:requests',
    rejectIfRedisNotReady: true,
  });
  return { count: async (key) => windowCount(await limiter.consume(key)) };
}
