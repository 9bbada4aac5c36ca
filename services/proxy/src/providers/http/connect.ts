import type { Telemetry } from '@ibex/telemetry';
import { tracedDispatcher } from '@ibex/telemetry/http';
import { Pool } from 'undici';
import type { ProxySettings } from '../../config.ts';
import type { ProviderTimeouts } from '../provider.ts';
import type { Connection } from './http-provider.ts';

/** What every provider over HTTP is connected with. */
export interface ConnectContext {
  readonly settings: ProxySettings;
  readonly telemetry: Telemetry;
  readonly timeouts: ProviderTimeouts;
}

/** A connection pool to the origin of a URL; connections are opened on first use. */
export function connect(baseUrl: string, { settings, telemetry, timeouts }: ConnectContext): Connection {
  const pool = new Pool(new URL(baseUrl).origin, {
    connections: settings.IBEX_PROXY_UPSTREAM_CONNECTIONS,
    connect: { timeout: timeouts.connectMs },
  });
  return {
    dispatcher: tracedDispatcher(telemetry, pool, { host: 'provider', acceptsVerdicts: false }),
    disconnect: () => pool.destroy(),
    timeouts,
    responseLimitBytes: settings.IBEX_PROXY_RESPONSE_LIMIT_BYTES,
    eventLimitBytes: settings.IBEX_PROXY_STREAM_EVENT_LIMIT_BYTES,
    redact: (text) => telemetry.sanitiser.redactText(text),
  };
}
