import {
  type BuildContext,
  type BuiltService,
  createHttpServer,
  type Server,
  type SettingsOf,
} from '@ibex/service';
import type { Telemetry } from '@ibex/telemetry';
import type { FastifyInstance } from 'fastify';
import { createAuthClient } from './auth/auth-client.ts';
import { authCredentials } from './auth/auth-connection.ts';
import { Authority } from './auth/authority.ts';
import { CallsInFlight } from './calls/calls-in-flight.ts';
import { createTelemetrySinks } from './calls/sinks.ts';
import type { proxySettings } from './config.ts';
import { createConversations } from './conversations/create-conversations.ts';
import { createModels } from './create-models.ts';
import { createLimits } from './limits/create-limits.ts';
import { type Listening, readListening } from './listening.ts';
import { answerErrors, answerNotFound, unreadableBody } from './pipeline/answer-error.ts';
import { checkBudgets } from './pipeline/check-budgets.ts';
import { checkModel } from './pipeline/check-scopes.ts';
import { limitCall } from './pipeline/limit-caller.ts';
import { type PipelineParts, registerPipeline } from './pipeline/pipeline.ts';
import { createServe } from './pipeline/serve.ts';
import { checkObservability } from './reload/check-observability.ts';
import { onHangup } from './reload/on-hangup.ts';
import { reloadModels } from './reload/reload-models.ts';
import { Reloader } from './reload/reloader.ts';
import { ModelSource } from './routing/model-source.ts';
import { Lifecycle, stopGently } from './stop-gently.ts';
import { readStopTimes } from './stop-times.ts';
import { createUsage } from './usage/create-usage.ts';

type Settings = SettingsOf<typeof proxySettings>;
type GatewayContext = Pick<BuildContext<Settings>, 'settings' | 'telemetry' | 'environment' | 'config'>;

/** Builds the gateway; nothing listens yet. */
export async function buildGateway(context: GatewayContext): Promise<BuiltService> {
  const { settings, telemetry } = context;
  const listening = readListening(settings);
  const stopTimes = readStopTimes(settings);
  const lifecycle = new Lifecycle();
  const inFlight = telemetry.metrics.gauge('ibex_proxy_calls_in_flight');
  const calls = new CallsInFlight(({ report }, change) =>
    inFlight.add({ dialect: report.origin.dialect }, change),
  );
  const credentials = authCredentials(settings, context.environment);
  const usage = createUsage(settings, { telemetry, credentials });
  const sinks = [...createTelemetrySinks(telemetry), usage.sink];
  const modelParts = { telemetry, calls, sinks };
  const models = new ModelSource(await createModels(context, modelParts));
  const reloader = new Reloader({
    path: settings.IBEX_CONFIG,
    parts: [
      checkObservability(telemetry, {
        atStart: context.config.observability,
        environment: context.environment,
      }),
      reloadModels(models, { sources: context, parts: modelParts }),
    ],
    telemetry,
  });
  const authClient = createAuthClient({
    address: settings.IBEX_AUTH_GRPC_ADDRESS,
    credentials,
    serverName: settings.IBEX_AUTH_GRPC_SERVER_NAME,
    timeoutMs: settings.IBEX_PROXY_AUTH_TIMEOUT_MS,
    telemetry,
  });
  const cacheEntries = settings.IBEX_PROXY_AUTH_CACHE_ENTRIES;
  const limits = await createLimits(settings, telemetry);
  const { conversations, close: closeConversations } = await createConversations(settings, telemetry);
  const parts: PipelineParts = {
    ...limits,
    ...perRequest(settings),
    telemetry,
    models,
    conversations,
    calls,
    usage,
    authClient,
    serve: createServe({
      telemetry,
      models,
      totalTimeoutMs: settings.IBEX_PROXY_UPSTREAM_TOTAL_TIMEOUT_MS,
      admissions: [checkModel, checkBudgets({ ...limits, ...usage, telemetry }), limitCall(limits)],
    }),
    authority: new Authority({ client: authClient, telemetry, cacheEntries }),
  };
  const dependencies = { auth: authClient.checkHealth, ...limits.dependencies };
  const stopListening = onHangup(() => reloader.reload());
  return {
    // Closed in reverse: metrics and readiness can be asked for until the last call has ended.
    servers: [
      ...metricsServers(listening, { telemetry, dependencies, isStopping: lifecycle.isStopping }),
      createServer(parts, {
        dependencies,
        listening,
        settings,
        lifecycle,
        close: (app) => stopGently(app, { calls, times: stopTimes, lifecycle }),
      }),
    ],
    stop: [
      async () => stopListening(),
      () => models.close(),
      () => usage.stop(lifecycle.remainingMs(stopTimes.usageMs)),
      () => parts.authority.close(),
      async () => authClient.close(),
      closeConversations,
      async () => limits.close(),
    ],
  };
}

function perRequest(settings: Settings) {
  return {
    bodyLimits: {
      limitBytes: settings.IBEX_PROXY_BODY_LIMIT_BYTES,
      timeoutMs: settings.IBEX_PROXY_BODY_TIMEOUT_MS,
    },
  };
}

type Dependencies = Readonly<Record<string, () => Promise<unknown>>>;

/** The server for `/metrics`, `/healthz` and `/readyz` of this process, where they have a port of their own. */
function metricsServers(
  { host, metricsPort }: Listening,
  options: { telemetry: Telemetry; dependencies: Dependencies; isStopping: () => boolean },
): Server[] {
  if (metricsPort === undefined) return [];
  const app = createHttpServer(options);
  return [
    { name: 'metrics', listen: () => app.listen({ host, port: metricsPort }), close: () => app.close() },
  ];
}

function createServer(
  parts: PipelineParts,
  options: {
    dependencies: Dependencies;
    listening: Listening;
    settings: Settings;
    lifecycle: Lifecycle;
    close: (app: FastifyInstance) => Promise<void>;
  },
): Server {
  const { dependencies, settings, lifecycle, close } = options;
  const { host, port, reusePort, metricsPort } = options.listening;
  const app = createHttpServer({
    telemetry: parts.telemetry,
    dependencies,
    isStopping: lifecycle.isStopping,
    operational: metricsPort === undefined,
    trustedProxies: settings.IBEX_TRUSTED_PROXIES,
    headersTimeoutMs: settings.IBEX_PROXY_HEADERS_TIMEOUT_MS,
    answerError: answerErrors(parts.bodyLimits),
    answerNotFound,
    unreadableBody,
  });
  countConnections(app, parts.telemetry);
  app.addHook('onSend', lifecycle.sayGoodbye);
  registerPipeline(app, parts);
  // Fastify hands it on to Node, and its types do not know it.
  const address = { host, port, reusePort };
  return {
    name: 'http',
    listen: () => app.listen(address),
    close: () => close(app),
  };
}

function countConnections(app: FastifyInstance, { metrics }: Telemetry): void {
  const connections = metrics.gauge('ibex_proxy_active_connections').bind({});
  app.server.on('connection', (socket) => {
    connections.add(1);
    socket.once('close', () => connections.add(-1));
  });
}
