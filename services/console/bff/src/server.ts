import cookie from '@fastify/cookie';
import { createHttpServer, type DependencyCheck } from '@ibex/service';
import type { Telemetry } from '@ibex/telemetry';
import type { FastifyInstance } from 'fastify';
import fastifyPlugin from 'fastify-plugin';
import type { ConsoleSettings } from './config.ts';
import type { Connections } from './connections.ts';
import { answerNotFound, createErrorAnswer } from './error-answers.ts';
import type { Handlers } from './openapi/handlers.ts';
import { registerOperations } from './openapi/register.ts';
import { OverviewReader } from './overview/overview.ts';
import { createOverviewHandlers } from './overview/overview-handlers.ts';
import { addSecurityHeaders } from './security/headers.ts';
import { addHostCheck } from './security/host.ts';
import { Admission } from './session/admission.ts';
import { LoginCode } from './session/login-code.ts';
import { LoginLimiter } from './session/login-limiter.ts';
import { createSessionHandlers } from './session/session-handlers.ts';
import { SessionKeeper } from './session/session-keeper.ts';
import { SessionStore } from './session/session-store.ts';
import { createAnswerSanitiser } from './telemetry/sanitise.ts';
import { createTelemetryHandlers } from './telemetry/telemetry-handlers.ts';
import { addStaticFiles } from './web/static-files.ts';

const bodyLimitBytes = 16 * 1024;

export interface ConsoleOptions {
  readonly settings: ConsoleSettings;
  readonly telemetry: Telemetry;
  readonly connections: Connections;
  /** The built web app. */
  readonly webDirectory: string;
  /** The present, Unix milliseconds; for sessions and the overview. */
  readonly now?: () => number;
}

/** Builds the console's server: the API of its document, and the web app. */
export function createConsoleServer(options: ConsoleOptions): FastifyInstance {
  const { settings, telemetry, connections } = options;
  const checks: Record<string, DependencyCheck> = {
    auth: () => connections.auth.ready(),
    collector: () => connections.backend.ready(),
  };
  const keeper = createKeeper(options);
  const secureCookies = settings.IBEX_CONSOLE_SECURE_COOKIES;
  const admission = new Admission({ keeper, secureCookies });
  const handlers = createHandlers({ ...options, keeper, checks });
  const app = createHttpServer({
    telemetry,
    dependencies: checks,
    bodyLimitBytes,
    trustedProxies: settings.IBEX_TRUSTED_PROXIES,
    answerError: createErrorAnswer(telemetry.sanitiser),
    answerNotFound,
  });
  // A plugin, so that its hooks come after those of telemetry.
  app.register(
    fastifyPlugin(async (routes) => {
      addSecurityHeaders(routes, { secure: secureCookies });
      addHostCheck(routes, {
        host: settings.IBEX_HOST,
        allowedHosts: settings.IBEX_CONSOLE_ALLOWED_HOSTS,
      });
      await routes.register(cookie);
      routes.decorateRequest('consoleSession', undefined);
      routes.removeContentTypeParser('text/plain');
      registerOperations(routes, {
        handlers,
        admit: (operation, exchange) => admission.admit(operation, exchange),
      });
      await addStaticFiles(routes, { directory: options.webDirectory, admission });
    }),
  );
  return app;
}

function createKeeper({ settings, connections, now = Date.now }: ConsoleOptions): SessionKeeper {
  const store = new SessionStore({
    idleMs: settings.IBEX_CONSOLE_SESSION_IDLE_MS,
    maximumMs: settings.IBEX_CONSOLE_SESSION_MAXIMUM_MS,
    now,
  });
  return new SessionKeeper({
    auth: connections.auth,
    store,
    graceMs: settings.IBEX_CONSOLE_AUTH_GRACE_MS,
    now,
  });
}

function createHandlers(
  options: ConsoleOptions & { keeper: SessionKeeper; checks: Readonly<Record<string, DependencyCheck>> },
): Handlers {
  const { settings, telemetry, connections, keeper, checks, now = Date.now } = options;
  const { sanitiser, logger } = telemetry;
  const overview = new OverviewReader({
    backend: connections.backend,
    services: settings.IBEX_CONSOLE_SERVICES,
    checks,
    probes: { dispatcher: connections.probes, sanitiser },
    now,
  });
  return {
    ...createSessionHandlers({
      keeper,
      limiter: new LoginLimiter({ attemptsPerMinute: settings.IBEX_CONSOLE_LOGINS_PER_MINUTE, now }),
      loginCode: new LoginCode(settings.IBEX_CONSOLE_LOGIN_CODE),
      credentialsFile: settings.IBEX_CREDENTIALS_FILE,
      secureCookies: settings.IBEX_CONSOLE_SECURE_COOKIES,
      logger,
    }),
    ...createTelemetryHandlers({ backend: connections.backend, sanitiser: createAnswerSanitiser(sanitiser) }),
    ...createOverviewHandlers({ overview, keeper }),
  };
}
