import type { Provider } from '../providers/provider.ts';
import type { RoutePolicy } from './policy.ts';
import type { Route } from './route.ts';

/** The routes that follow from the models the providers list: one target each, the first provider's where several do. */
export function providerRoutes(providers: readonly Provider[], policy: RoutePolicy): readonly Route[] {
  const routes = new Map<string, Route>();
  for (const provider of providers) {
    for (const id of provider.models) {
      if (routes.has(id)) continue;
      const target = { provider, model: undefined, weight: 1 };
      routes.set(id, { id, targets: [target], fallbacks: [], policy });
    }
  }
  return [...routes.values()];
}
