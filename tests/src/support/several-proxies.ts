import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Exposition } from '../faults/harness/exposition.ts';
import { scrape } from '../faults/harness/footprint.ts';
import { type Service, startService } from '../faults/harness/service.ts';
import { freePorts } from './free-ports.ts';
import { type RedisServer, startRedis } from './redis.ts';

/** A proxy among several. */
export interface ProxyProcess {
  readonly service: Service;
  /** Where clients ask. */
  readonly url: string;
  /** Where it answers `/metrics`, `/healthz` and `/readyz`. */
  readonly metricsUrl: string;
  metrics(): Promise<Exposition>;
}

/** What several proxies have in common: an auth service and a Redis. */
export interface Surroundings {
  readonly apiKey: string;
  readonly adminToken: string;
  readonly authUrl: string;
  readonly redis: RedisServer;
  /** Starts a proxy; the ports are `IBEX_PROXY_PORT` and, where it has one, `IBEX_PROXY_METRICS_PORT`. */
  startProxy(options: { readonly port: number; readonly metricsPort?: number }): Promise<ProxyProcess>;
  /** Stops everything that runs still. */
  dispose(): Promise<void>;
}

async function startAuth(directory: string): Promise<Service> {
  const [httpPort = 0, grpcPort = 0] = await freePorts(2);
  return startService('auth', {
    IBEX_AUTH_HTTP_PORT: String(httpPort),
    IBEX_AUTH_GRPC_PORT: String(grpcPort),
    IBEX_AUTH_TOKEN_HASH_KEY: 'a key that only tests ever use, of 40 chars',
    IBEX_DATA_DIR: directory,
    IBEX_CREDENTIALS_FILE: join(directory, 'credentials.json'),
  });
}

/** The variables of a proxy; only the ports differ between processes. */
function environmentOf(parts: {
  readonly port: number;
  readonly metricsPort: number | undefined;
  readonly redis: RedisServer;
  readonly authAddress: string;
}): Record<string, string> {
  const shared = {
    IBEX_PROXY_REUSE_PORT: 'true',
    IBEX_PROXY_METRICS_PORT: String(parts.metricsPort),
  };
  return {
    IBEX_PROXY_PORT: String(parts.port),
    IBEX_AUTH_GRPC_ADDRESS: parts.authAddress,
    REDIS_URL: parts.redis.url,
    IBEX_PROXY_CONVERSATION_STORE: 'redis',
    IBEX_PROXY_REQUESTS_PER_MINUTE: '1000000',
    // The machine may be slow; what is counted must not depend on it.
    IBEX_PROXY_REDIS_TIMEOUT_MS: '5000',

    ...(parts.metricsPort === undefined ? {} : shared),
  };
}

/** Starts what proxies share; the proxies are the caller's to start. */
export async function startSurroundings(): Promise<Surroundings> {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-several-'));
  const [auth, redis] = await Promise.all([startAuth(directory), startRedis()]);
  const credentials = JSON.parse(readFileSync(join(directory, 'credentials.json'), 'utf8')) as Record<
    string,
    string
  >;
  const services: Service[] = [];
  return {
    apiKey: credentials.api_key ?? '',
    adminToken: credentials.admin_token ?? '',
    authUrl: auth.address('http'),
    redis,
    startProxy: async ({ port, metricsPort }) => {
      const authAddress = auth.address('grpc');
      const service = await startService('proxy', environmentOf({ port, metricsPort, redis, authAddress }));
      services.push(service);
      const url = service.address('http');
      const metricsUrl = metricsPort === undefined ? url : `http://127.0.0.1:${metricsPort}`;
      return { service, url, metricsUrl, metrics: () => scrape(metricsUrl) };
    },
    dispose: async () => {
      await Promise.all(services.map((service) => service.stop()));
      await auth.stop();
      await redis.dispose();
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
