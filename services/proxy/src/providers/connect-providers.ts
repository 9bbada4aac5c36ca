import type { Telemetry } from '@ibex/telemetry';
import type { ProxySettings } from '../config.ts';
import { createEchoProvider } from './echo/provider.ts';
import type { Provider, ProviderTimeouts } from './provider.ts';
import { type ProviderSources, readProviders } from './provider-config.ts';

/** The echo, then every configured upstream with a connection pool of its own; connections are opened on first use. */
export async function connectProviders(
  sources: ProviderSources & { readonly settings: ProxySettings },
  telemetry: Telemetry,
): Promise<readonly Provider[]> {
  const { settings } = sources;
  const timeouts: ProviderTimeouts = {
    connectMs: settings.IBEX_PROXY_UPSTREAM_CONNECT_TIMEOUT_MS,
    headersMs: settings.IBEX_PROXY_UPSTREAM_HEADERS_TIMEOUT_MS,
    idleMs: settings.IBEX_PROXY_UPSTREAM_IDLE_TIMEOUT_MS,
  };
  const echo = createEchoProvider({ timeouts });
  const upstreams = readProviders(sources);
  if (upstreams.length === 0) return [echo];
  // Loaded where it is used: the HTTP client takes 5 MB.
  const { createOpenAiProvider } = await import('./openai/provider.ts');
  const context = { settings, telemetry, timeouts };
  return [echo, ...upstreams.map((upstream) => createOpenAiProvider(upstream, context))];
}
