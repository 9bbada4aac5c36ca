import { type BuildContext, type BuiltService, createHttpServer, type SettingsOf } from '@ibex/service';
import type { Telemetry } from '@ibex/telemetry';
import { tracedDispatcher } from '@ibex/telemetry/http';
import type { FastifyInstance } from 'fastify';
import { Pool } from 'undici';
import { createAuthClient } from './auth/auth-client.ts';
import { Authority } from './auth/authority.ts';
import type { ProxySettings, proxySettings } from './config.ts';
import { AddressLimiter } from './limits/address-limiter.ts';
import { OrganisationLimiter } from './limits/organisation-limiter.ts';
import { connectRedis } from './limits/redis.ts';
import { createMemoryCounter, createRedisCounter } from './limits/request-counter.ts';
import { answerErrors, answerNotFound } from './pipeline/answer-error.ts';
import { CallsInFlight } from './pipeline/calls-in-flight.ts';
import { registerPipeline } from './pipeline/pipeline.ts';
import { createCallRecorder } from './pipeline/record-call.ts';
import { ModelCatalogue } from './providers/catalogue.ts';
import { createEchoProvider } from './providers/echo/provider.ts';
import { OpenAiProvider } from './providers/openai/provider.ts';
import type { Provider, ProviderTimeouts } from './providers/provider.ts';
import { type ProviderConfig, readProviders } from './providers/provider-config.ts';

/** How long a stopping gateway lets calls finish before it ends them with an error. */
const graceMs = 1_000;
const sweepEveryMs = 50;

type GatewayContext = Pick<
  BuildContext<SettingsOf<typeof proxySettings>>,
  'settings' | 'telemetry' | 'environment' | 'config'
>;

/** Builds the gateway; nothing listens yet. */
export async function buildGateway(context: GatewayContext): Promise<BuiltService> {
  const { settings, telemetry } = context;
  const providers = createProviders(context);
  const authClient = createAuthClient({
    address: settings.IBEX_AUTH_GRPC_ADDRESS,
    timeoutMs: settings.IBEX_PROXY_AUTH_TIMEOUT_MS,
    telemetry,
  });
  const limits = createLimits(settings, telemetry);
  const calls = new CallsInFlight();
  const app = createHttpServer({
    telemetry,
    dependencies: { auth: authClient.checkHealth, ...limits.dependencies },
    answerError: answerErrors({ bodyLimitBytes: settings.IBEX_PROXY_BODY_LIMIT_BYTES }),
    answerNotFound,
  });
  countConnections(app, telemetry);
  registerPipeline(app, {
    telemetry,
    calls,
    authority: new Authority({
      client: authClient,
      telemetry,
      cacheEntries: settings.IBEX_PROXY_AUTH_CACHE_ENTRIES,
    }),
    addressLimiter: new AddressLimiter(settings.IBEX_PROXY_ADDRESS_REQUESTS_PER_MINUTE),
    organisationLimiter: limits.organisationLimiter,
    requestsPerMinute: settings.IBEX_PROXY_REQUESTS_PER_MINUTE,
    bodyLimits: {
      limitBytes: settings.IBEX_PROXY_BODY_LIMIT_BYTES,
      timeoutMs: settings.IBEX_PROXY_BODY_TIMEOUT_MS,
    },
    models: new ModelCatalogue(providers),
    totalTimeoutMs: settings.IBEX_PROXY_UPSTREAM_TOTAL_TIMEOUT_MS,
    record: createCallRecorder(telemetry),
  });
  return {
    servers: [
      {
        name: 'http',
        listen: () => app.listen({ host: settings.IBEX_HOST, port: settings.IBEX_PROXY_PORT }),
        close: () => closeGently(app, calls),
      },
    ],
    stop: [
      () => Promise.all(providers.map((provider) => provider.close())),
      async () => authClient.close(),
      async () => limits.close(),
    ],
  };
}

function createProviders({ settings, telemetry, environment, config }: GatewayContext): readonly Provider[] {
  const timeouts: ProviderTimeouts = {
    connectMs: settings.IBEX_PROXY_UPSTREAM_CONNECT_TIMEOUT_MS,
    headersMs: settings.IBEX_PROXY_UPSTREAM_HEADERS_TIMEOUT_MS,
    idleMs: settings.IBEX_PROXY_UPSTREAM_IDLE_TIMEOUT_MS,
  };
  const upstreams = readProviders({ settings, environment, config });
  return [
    createEchoProvider({ timeouts }),
    ...upstreams.map((upstream) => connectProvider(upstream, { settings, telemetry, timeouts })),
  ];
}

function connectProvider(
  upstream: ProviderConfig,
  context: { settings: ProxySettings; telemetry: Telemetry; timeouts: ProviderTimeouts },
): Provider {
  const { settings, telemetry, timeouts } = context;
  const pool = new Pool(new URL(upstream.baseUrl).origin, {
    connections: settings.IBEX_PROXY_UPSTREAM_CONNECTIONS,
    connect: { timeout: timeouts.connectMs },
  });
  return new OpenAiProvider({
    ...upstream,
    dispatcher: tracedDispatcher(telemetry, pool),
    disconnect: () => pool.destroy(),
    timeouts,
    responseLimitBytes: settings.IBEX_PROXY_RESPONSE_LIMIT_BYTES,
    eventLimitBytes: settings.IBEX_PROXY_STREAM_EVENT_LIMIT_BYTES,
    redact: (text) => telemetry.sanitiser.redactText(text),
  });
}

function createLimits(settings: ProxySettings, telemetry: Telemetry) {
  if (settings.REDIS_URL === undefined) {
    const organisationLimiter = new OrganisationLimiter({ counter: createMemoryCounter(), telemetry });
    return { organisationLimiter, dependencies: {}, close: () => undefined };
  }
  const redis = connectRedis({
    url: settings.REDIS_URL,
    commandTimeoutMs: settings.IBEX_PROXY_REDIS_TIMEOUT_MS,
    telemetry,
  });
  const organisationLimiter = new OrganisationLimiter({ counter: createRedisCounter(redis), telemetry });
  return { organisationLimiter, dependencies: { redis: redis.check }, close: () => redis.close() };
}

function countConnections(app: FastifyInstance, { metrics }: Telemetry): void {
  const connections = metrics.gauge('ibex_proxy_active_connections').bind({});
  app.server.on('connection', (socket) => {
    connections.add(1);
    socket.once('close', () => connections.add(-1));
  });
}

/** Lets calls finish for a moment, then ends them with an error, so that no client is cut off without a word. */
async function closeGently(app: FastifyInstance, calls: CallsInFlight): Promise<void> {
  const grace = setTimeout(() => calls.abortAll(), graceMs);
  // A connection that becomes idle only after the close began would stay open until its keep-alive ends.
  const sweep = setInterval(() => app.server.closeIdleConnections(), sweepEveryMs);
  await app.close();
  clearTimeout(grace);
  clearInterval(sweep);
}
