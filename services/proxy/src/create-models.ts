import { CapturingProvider } from './calls/capturing-provider.ts';
import { InstrumentedProvider, type InstrumentedProviderParts } from './calls/instrumented-provider.ts';
import { recordAttempts } from './calls/record-attempts.ts';
import { reportCircuits } from './calls/report-circuits.ts';
import type { ProxySettings } from './config.ts';
import { readStreamingPolicy } from './pipeline/streaming-policy.ts';
import { connectProviders } from './providers/connect-providers.ts';
import type { ProviderSources } from './providers/provider-config.ts';
import { Circuits } from './routing/circuits.ts';
import { gatewayLabels } from './routing/configured-labels.ts';
import { createRoutes } from './routing/create-routes.ts';
import { ModelLabels } from './routing/model-labels.ts';
import { Models } from './routing/model-source.ts';
import { RoutedProvider } from './routing/routed-provider.ts';
import { Router } from './routing/router.ts';
import { readRouting } from './routing/routes-config.ts';
import { readPrices } from './usage/prices.ts';

export interface ModelSources extends ProviderSources {
  readonly settings: ProxySettings;
}

/**
 * Connects the providers of a configuration and routes its models to them.
 *
 * @throws {SettingsError} naming the field as the operator wrote it; nothing is connected then.
 */
export async function createModels(
  sources: ModelSources,
  parts: Omit<InstrumentedProviderParts, 'streaming' | 'prices'>,
): Promise<Models> {
  const configured = gatewayLabels(sources);
  const routing = readRouting(sources.config, configured.provider);
  const streaming = readStreamingPolicy(sources.config);
  const prices = readPrices(sources.config);
  const providers = await connectProviders(sources, parts.telemetry);
  const { metrics } = parts.telemetry;
  const labels = new ModelLabels(configured.model, (model) => metrics.admit('model', model));
  const calls = { ...parts, streaming, prices, sinks: [...parts.sinks, labels.sink] };
  const circuits = new Circuits(reportCircuits(parts.telemetry));
  const context = {
    startAttempt: recordAttempts(parts.telemetry),
    circuits,
    labels,
    firstEventWaitMs: streaming.keepAliveMs,
  };
  const router = new Router(
    createRoutes(routing, providers),
    (route) => new InstrumentedProvider(new CapturingProvider(new RoutedProvider(route, context)), calls),
  );
  return new Models({ router, providers, streaming, circuits });
}
