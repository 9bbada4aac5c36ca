import type { Telemetry } from '@ibex/telemetry';
import { InstrumentedProvider, type InstrumentedProviderParts } from './calls/instrumented-provider.ts';
import { recordAttempts } from './calls/record-attempts.ts';
import type { ProxySettings } from './config.ts';
import { connectProviders } from './providers/connect-providers.ts';
import type { ProviderSources } from './providers/provider-config.ts';
import type { Models } from './routing/model-source.ts';
import { providerRoutes } from './routing/provider-routes.ts';
import { RoutedProvider } from './routing/routed-provider.ts';
import { Router } from './routing/router.ts';

/** Connects the providers of a configuration and routes its models to them. */
export async function createModels(
  sources: ProviderSources & { readonly settings: ProxySettings },
  parts: InstrumentedProviderParts & { readonly telemetry: Telemetry },
): Promise<Models> {
  const providers = await connectProviders(sources, parts.telemetry);
  const startAttempt = recordAttempts(parts.telemetry);
  const router = new Router(
    providerRoutes(providers),
    (route) => new InstrumentedProvider(new RoutedProvider(route, startAttempt), parts),
  );
  return { router, providers };
}
