import type { Provider } from '../providers/provider.ts';
import { providerRoutes } from './provider-routes.ts';
import type { Route, Target } from './route.ts';
import type { RoutingConfig, TargetConfig } from './routes-config.ts';

/** The configured routes, then those that follow from the models the providers list. */
export function createRoutes(config: RoutingConfig, providers: readonly Provider[]): readonly Route[] {
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  const target = ({ provider: name, model, weight }: TargetConfig): Target => {
    const provider = byName.get(name);
    if (provider === undefined) throw new Error(`there is no provider ${name}`);
    return { provider, model, weight };
  };
  const configured = config.routes.map(({ id, targets: [first, ...others], fallbacks, policy }) => ({
    id,
    targets: [target(first), ...others.map(target)] as const,
    fallbacks: fallbacks.map(target),
    policy,
  }));
  return [...configured, ...providerRoutes(providers, config.policy)];
}
