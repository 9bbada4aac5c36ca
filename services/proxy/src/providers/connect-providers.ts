import type { Telemetry } from '@ibex/telemetry';
import { tracedDispatcher } from '@ibex/telemetry/http';
import { Pool } from 'undici';
import type { ProxySettings } from '../config.ts';
import { createEchoProvider } from './echo/provider.ts';
import { OpenAiProvider } from './openai/provider.ts';
import type { Provider, ProviderTimeouts } from './provider.ts';
import { type ProviderConfig, type ProviderSources, readProviders } from './provider-config.ts';

interface ConnectContext {
  readonly settings: ProxySettings;
  readonly telemetry: Telemetry;
  readonly timeouts: ProviderTimeouts;
}

/** The echo, then every configured upstream with a connection pool of its own; connections are opened on first use. */
export function connectProviders(
  sources: ProviderSources & { readonly settings: ProxySettings },
  telemetry: Telemetry,
): readonly Provider[] {
  const { settings } = sources;
  const timeouts: ProviderTimeouts = {
    connectMs: settings.IBEX_PROXY_UPSTREAM_CONNECT_TIMEOUT_MS,
    headersMs: settings.IBEX_PROXY_UPSTREAM_HEADERS_TIMEOUT_MS,
    idleMs: settings.IBEX_PROXY_UPSTREAM_IDLE_TIMEOUT_MS,
  };
  const context = { settings, telemetry, timeouts };
  return [
    createEchoProvider({ timeouts }),
    ...readProviders(sources).map((upstream) => connectUpstream(upstream, context)),
  ];
}

function connectUpstream(upstream: ProviderConfig, context: ConnectContext): Provider {
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
