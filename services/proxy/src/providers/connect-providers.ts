import type { Telemetry } from '@ibex/telemetry';
import type { ProxySettings } from '../config.ts';
import { createEchoProvider } from './echo/provider.ts';
import type { ConnectContext } from './http/connect.ts';
import type { Provider, ProviderTimeouts } from './provider.ts';
import {
  type ProviderConfig,
  type ProviderSources,
  type ProviderType,
  readProviders,
} from './provider-config.ts';

type Adapter = (upstream: ProviderConfig, context: ConnectContext) => Provider;

/** Loaded where they are used: the HTTP client takes 5 MB. */
const adapters: Readonly<Record<ProviderType, () => Promise<Adapter>>> = {
  openai: async () => (await import('./openai/provider.ts')).createOpenAiProvider,
  anthropic: async () => (await import('./anthropic/provider.ts')).createAnthropicProvider,
  gemini: async () => (await import('./gemini/provider.ts')).createGeminiProvider,
  azure: async () => (await import('./azure/provider.ts')).createAzureProvider,
};

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
  const context = { settings, telemetry, timeouts };
  const connected = upstreams.map(async (upstream) => (await adapters[upstream.type]())(upstream, context));
  return [echo, ...(await Promise.all(connected))];
}
