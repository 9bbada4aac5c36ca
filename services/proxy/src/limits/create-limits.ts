import type { Telemetry } from '@ibex/telemetry';
import type { ProxySettings } from '../config.ts';
import { AddressLimiter } from './address-limiter.ts';
import { OrganisationLimiter } from './organisation-limiter.ts';
import { connectRedis } from './redis.ts';
import { createMemoryCounter, createRedisCounter, type RequestCounter } from './request-counter.ts';

/** The limits of a gateway, and what they hold. */
export interface Limits {
  readonly addressLimiter: AddressLimiter;
  readonly organisationLimiter: OrganisationLimiter;
  /** For `/readyz`. */
  readonly dependencies: Readonly<Record<string, () => Promise<unknown>>>;
  close(): void;
}

interface Counting {
  readonly counter: RequestCounter;
  readonly dependencies: Limits['dependencies'];
  close(): void;
}

function createCounting(settings: ProxySettings, telemetry: Telemetry): Counting {
  if (settings.REDIS_URL === undefined) {
    return { counter: createMemoryCounter(), dependencies: {}, close: () => undefined };
  }
  const redis = connectRedis({
    url: settings.REDIS_URL,
    commandTimeoutMs: settings.IBEX_PROXY_REDIS_TIMEOUT_MS,
    telemetry,
  });
  return { counter: createRedisCounter(redis), dependencies: { redis: redis.check }, close: redis.close };
}

/** Limits by the settings, counted in Redis where one is named, else in memory. */
export function createLimits(settings: ProxySettings, telemetry: Telemetry): Limits {
  const { counter, dependencies, close } = createCounting(settings, telemetry);
  return {
    addressLimiter: new AddressLimiter(settings.IBEX_PROXY_ADDRESS_REQUESTS_PER_MINUTE),
    organisationLimiter: new OrganisationLimiter({ counter, telemetry }),
    dependencies,
    close,
  };
}
