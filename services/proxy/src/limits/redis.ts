import type { Telemetry } from '@ibex/telemetry';
import { Redis } from 'ioredis';
import { createThrottle } from '../throttle.ts';

const longestRetryMs = 2_000;
const noticeEveryMs = 60_000;

export interface RedisOptions {
  readonly url: string;
  /** Longest wait for one command. */
  readonly commandTimeoutMs: number;
  readonly telemetry: Telemetry;
}

/** A connection that never makes a request wait: commands fail at once while Redis is away. */
export interface RedisConnection {
  readonly client: Redis;
  /** host:port, without credentials. */
  readonly address: string;
  /** For readiness: a text when Redis does not answer, never a rejection, since requests pass without it. */
  check(): Promise<string | undefined>;
  close(): void;
}

/** Connects in the background and keeps trying; what goes wrong is logged once a minute. */
export function connectRedis(options: RedisOptions): RedisConnection {
  const { logger } = options.telemetry;
  const { hostname, port } = new URL(options.url);
  const address = `${hostname}:${port || '6379'}`;
  const client = new Redis(options.url, {
    commandTimeout: options.commandTimeoutMs,
    connectTimeout: longestRetryMs,
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    retryStrategy: (attempt) => Math.min(attempt * 100, longestRetryMs),
  });
  const reportError = createThrottle(noticeEveryMs, (error: unknown) => {
    logger.warn('redis connection failed', { dependency: 'redis', address, error });
  });
  client.on('error', reportError);
  client.on('ready', () => logger.info('redis connected', { dependency: 'redis', address }));
  return {
    client,
    address,
    check: async () => {
      try {
        await client.ping();
        return undefined;
      } catch {
        return `degraded: redis at ${address} does not answer, so rate limits are not applied`;
      }
    },
    close: () => client.disconnect(),
  };
}
