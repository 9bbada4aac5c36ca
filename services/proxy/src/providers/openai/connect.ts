import type { Telemetry } from '@ibex/telemetry';
import { tracedDispatcher } from '@ibex/telemetry/http';
import { Pool } from 'undici';
import type { ProxySettings } from '../../config.ts';
import type { Provider, ProviderTimeouts } from '../provider.ts';
import type { ProviderConfig } from '../provider-config.ts';
import { OpenAiProvider } from './provider.ts';

/** A provider with a connection pool to its origin. */
export function connectOpenAi(
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
    dispatcher: tracedDispatcher(telemetry, pool, { acceptsVerdicts: false }),
    disconnect: () => pool.destroy(),
    timeouts,
    responseLimitBytes: settings.IBEX_PROXY_RESPONSE_LIMIT_BYTES,
    eventLimitBytes: settings.IBEX_PROXY_STREAM_EVENT_LIMIT_BYTES,
    redact: (text) => telemetry.sanitiser.redactText(text),
  });
}
