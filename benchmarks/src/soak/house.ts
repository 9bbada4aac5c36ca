import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../../tests/src/support/free-ports.ts';
import { type RedisServer, startRedis } from '../../../tests/src/support/redis.ts';
import { Child } from '../harness/child.ts';
import { LogSums } from './log-lines.ts';
import type { SpanSums } from './spans.ts';
import { startWatched, type WatchedService } from './watched-service.ts';

const loadCpu = 1;
const plenty = '1000000000';
/** As `ibex up` starts it. */
const proxyFlags = '--max-semi-space-size=8';

/** The gateway with everything it needs, as processes. */
export interface SoakHouse {
  readonly proxy: WatchedService;
  /** Undefined while it is away. */
  auth(): WatchedService | undefined;
  readonly redis: RedisServer;
  readonly logs: LogSums;
  readonly apiKey: string;
  readonly adminToken: string;
  /** What came as spans so far. */
  spans(): Promise<SpanSums>;
  /** Kills auth and starts it again on its data. */
  restartAuth(): Promise<void>;
  /** Kills Redis and starts it again, empty. */
  restartRedis(): Promise<void>;
  stop(): Promise<void>;
}

async function startAuth(directory: string) {
  const [httpPort = 0, grpcPort = 0] = await freePorts(2);
  const environment = {
    IBEX_AUTH_HTTP_PORT: String(httpPort),
    IBEX_AUTH_GRPC_PORT: String(grpcPort),
    IBEX_AUTH_TOKEN_HASH_KEY: 'a key that only this benchmark ever uses',
    IBEX_DATA_DIR: directory,
    IBEX_CREDENTIALS_FILE: join(directory, 'credentials.json'),
  };
  const start = () => startWatched('auth', environment, {});
  const service = await start();
  const text = readFileSync(environment.IBEX_CREDENTIALS_FILE, 'utf8');
  return { service, start, credentials: JSON.parse(text) as { api_key: string; admin_token: string } };
}

function writeConfig(directory: string, modelPort: number): string {
  const path = join(directory, 'config.yaml');
  const base_url = `http://127.0.0.1:${modelPort}/v1`;
  const provider = { name: 'acme', type: 'openai', base_url, api_key: 'sk-soak', models: ['soak'] };
  // JSON is YAML.
  writeFileSync(path, JSON.stringify({ providers: [provider] }));
  return path;
}

/** Starts model, span sink, Redis, auth and proxy. */
export async function startSoakHouse(): Promise<SoakHouse> {
  const directory = mkdtempSync(join(tmpdir(), 'ibex-soak-'));
  const model = new Child(new URL('./model.ts', import.meta.url), { cpu: loadCpu });
  const sink = new Child(new URL('./spans.ts', import.meta.url), { cpu: loadCpu });
  const { port: modelPort } = await model.reply<{ port: number }>();
  const { address } = await sink.reply<{ address: string }>();
  const redis = await startRedis();
  const { service, start, credentials } = await startAuth(directory);
  let auth: WatchedService | undefined = service;
  const logs = new LogSums();
  const environment = {
    IBEX_PROXY_PORT: '0',
    IBEX_CONFIG: writeConfig(directory, modelPort),
    IBEX_AUTH_GRPC_ADDRESS: service.address('grpc'),
    IBEX_PROXY_REQUESTS_PER_MINUTE: plenty,
    IBEX_PROXY_ADDRESS_REQUESTS_PER_MINUTE: plenty,
    REDIS_URL: redis.url,
    OTEL_EXPORTER_OTLP_ENDPOINT: `http://${address}`,
    OTEL_SAMPLE_RATIO: '1',
  };
  const onLine = (line: string) => logs.take(line);
  const proxy = await startWatched('proxy', environment, { flags: proxyFlags, onLine });
  return {
    proxy,
    auth: () => auth,
    redis,
    logs,
    apiKey: credentials.api_key,
    adminToken: credentials.admin_token,
    spans: () => sink.ask<SpanSums>('sums'),
    restartAuth: async () => {
      const killed = auth;
      auth = undefined;
      await killed?.kill();
      auth = await start();
    },
    restartRedis: async () => {
      await redis.stop();
      await redis.start();
    },
    stop: async () => {
      await proxy.stop();
      await Promise.all([auth?.stop(), redis.dispose(), model.stop(), sink.stop()]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
