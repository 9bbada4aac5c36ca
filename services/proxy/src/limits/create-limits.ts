import type { Telemetry } from '@ibex/telemetry';
import type { ProxySettings } from '../config.ts';
import { AddressLimiter } from './address-limiter.ts';
import type { LimitStore } from './limit-store.ts';
import { Limiter } from './limiter.ts';
import { MemoryLimitStore } from './memory-store.ts';
import { type DefaultLimits, LimitSubjects } from './subjects.ts';

/** The limits of a gateway, and what they hold. */
export interface Limits {
  readonly addressLimiter: AddressLimiter;
  readonly limiter: Limiter;
  readonly limitSubjects: LimitSubjects;
  /** For `/readyz`. */
  readonly dependencies: Readonly<Record<string, () => Promise<unknown>>>;
  close(): void;
}

interface Counting {
  readonly store: LimitStore;
  readonly dependencies: Limits['dependencies'];
  close(): void;
}

async function createCounting(settings: ProxySettings, telemetry: Telemetry): Promise<Counting> {
  if (settings.REDIS_URL === undefined) {
    return { store: new MemoryLimitStore(), dependencies: {}, close: () => undefined };
  }
  // Loaded where it is used: the client takes 11 MB.
  const { connectRedis } = await import('./redis.ts');
  const { RedisLimitStore } = await import('./redis-store.ts');
  const redis = connectRedis({
    url: settings.REDIS_URL,
    commandTimeoutMs: settings.IBEX_PROXY_REDIS_TIMEOUT_MS,
    telemetry,
  });
  return {
    store: new RedisLimitStore(redis.client),
    dependencies: { redis: redis.check },
    close: redis.close,
  };
}

function defaultLimits(settings: ProxySettings): DefaultLimits {
  return {
    organisation: {
      requestsPerMinute: settings.IBEX_PROXY_REQUESTS_PER_MINUTE,
      tokensPerMinute: settings.IBEX_PROXY_TOKENS_PER_MINUTE,
      concurrentRequests: settings.IBEX_PROXY_CONCURRENT_REQUESTS,
    },
    agent: {
      requestsPerMinute: settings.IBEX_PROXY_AGENT_REQUESTS_PER_MINUTE,
      tokensPerMinute: settings.IBEX_PROXY_AGENT_TOKENS_PER_MINUTE,
      concurrentRequests: settings.IBEX_PROXY_AGENT_CONCURRENT_REQUESTS,
    },
    token: {
      requestsPerMinute: settings.IBEX_PROXY_TOKEN_REQUESTS_PER_MINUTE,
      tokensPerMinute: settings.IBEX_PROXY_TOKEN_TOKENS_PER_MINUTE,
      concurrentRequests: settings.IBEX_PROXY_TOKEN_CONCURRENT_REQUESTS,
    },
  };
}

/** Limits by the settings, counted in Redis where one is named, else in memory. */
export async function createLimits(settings: ProxySettings, telemetry: Telemetry): Promise<Limits> {
  const { store, dependencies, close } = await createCounting(settings, telemetry);
  const limiter = new Limiter({ store, telemetry });
  return {
    addressLimiter: new AddressLimiter(settings.IBEX_PROXY_ADDRESS_REQUESTS_PER_MINUTE),
    limiter,
    limitSubjects: new LimitSubjects(defaultLimits(settings)),
    dependencies,
    close: () => {
      limiter.close();
      close();
    },
  };
}
