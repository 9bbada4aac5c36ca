import { readStreamingPolicy } from '../pipeline/streaming-policy.ts';
import { configuredLabels, type ProviderSources, readProviders } from '../providers/provider-config.ts';
import { readPrices } from '../usage/prices.ts';
import { readRouting, routedModels } from './routes-config.ts';

/**
 * The values that close the label sets `provider` and `model`, from providers and routes. The configuration is checked as
 * a whole on the way.
 */
export function gatewayLabels(sources: ProviderSources): { provider: string[]; model: string[] } {
  readPrices(sources.config);
  const { provider, model } = configuredLabels(readProviders(sources));
  readStreamingPolicy(sources.config);
  const routed = routedModels(readRouting(sources.config, provider));
  return { provider, model: [...new Set([...model, ...routed])] };
}
