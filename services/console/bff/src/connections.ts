import { credentials } from '@grpc/grpc-js';
import { type AuthConnectionSettings, type Environment, readAuthConnectionTls } from '@ibex/service';
import type { Telemetry } from '@ibex/telemetry';
import { clientInterceptor } from '@ibex/telemetry/grpc';
import { tracedDispatcher } from '@ibex/telemetry/http';
import { Agent, type Dispatcher } from 'undici';
import { CollectorBackend } from './backend/embedded/collector-backend.ts';
import type { TelemetryBackend } from './backend/telemetry-backend.ts';
import type { ConsoleSettings } from './config.ts';
import { AuthClient } from './session/auth-client.ts';

const connectTimeoutMs = 1500;
const maximumAnswerBytes = 64 * 1024 * 1024;
const maximumProbeBytes = 64 * 1024;

/** Everything the console talks to. Nothing else is ever called, whatever a browser asks for. */
export interface Connections {
  readonly auth: AuthClient;
  readonly backend: TelemetryBackend;
  /** For health probes: small answers only. */
  readonly probes: Dispatcher;
  close(): Promise<void>;
}

/** Opens the connections; they connect at first use. */
export function openConnections(
  settings: Pick<
    ConsoleSettings,
    keyof AuthConnectionSettings | 'IBEX_COLLECTOR_QUERY_URL' | 'IBEX_COLLECTOR_QUERY_TOKEN'
  >,
  { telemetry, environment }: { telemetry: Telemetry; environment: Environment },
): Connections {
  const tls = readAuthConnectionTls(settings, environment);
  const auth = new AuthClient({
    address: settings.IBEX_AUTH_GRPC_ADDRESS,
    credentials:
      tls === undefined
        ? credentials.createInsecure()
        : credentials.createSsl(tls.ca, tls.key, tls.certificate),
    serverName: settings.IBEX_AUTH_GRPC_SERVER_NAME,
    interceptors: [clientInterceptor(telemetry, { host: 'auth' })],
  });
  const queries = new Agent({ connect: { timeout: connectTimeoutMs }, maxResponseSize: maximumAnswerBytes });
  const probes = new Agent({ connect: { timeout: connectTimeoutMs }, maxResponseSize: maximumProbeBytes });
  const backend = new CollectorBackend({
    url: settings.IBEX_COLLECTOR_QUERY_URL.replace(/\/+$/, ''),
    token: settings.IBEX_COLLECTOR_QUERY_TOKEN,
    dispatcher: tracedDispatcher(telemetry, queries, { host: 'collector' }),
  });
  return {
    auth,
    backend,
    probes: tracedDispatcher(telemetry, probes, { host: 'services' }),
    close: async () => {
      auth.close();
      await Promise.all([queries.destroy(), probes.destroy()]);
    },
  };
}
