import type { Telemetry } from '@ibex/telemetry';
import type { ProxySettings } from '../config.ts';
import { AddressLimiter } from './address-limiter.ts';
import { OrganisationLimiter } from './organisation-limiter.ts';
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

async function createCounting(settings: ProxySettings, telemetry: Telemetry): Promise<Counting> {
  if (settings.REDIS_URL === undefined) {
    return { counter: createMemoryCounter(), dependencies: {}, close: () => undefined };
  }
  // Loaded where it is used: the client takes 11 MB.
  const { connectRedis } = await import('./redis.ts');
  const redis = connectRedis({
    url: settings.REDIS_URL,
    commandTimeoutMs: settings.IBEX_PROXY_REDIS_TIMEOUT_MS,
    telemetry,
  });
  return { counter: createRedisCounter(redis), dependencies: { redis: redis.check }, close: redis.close };
}

/** Limits by the settings, counted in Redis where one is named, else in memory. */
export async function createLimits(settings: ProxySettings, telemetry: Telemetry): Promise<Limits> {
  const { counter, dependencies, close } = await createCounting(settings, telemetry);
  return {
    addressLimiter: new AddressLimiter(settings.IBEX_PROXY_ADDRESS_REQUESTS_PER_MINUTE),
    organisationLimiter: new OrganisationLimiter({ counter, telemetry }),
    dependencies,
    close,
  };
}
