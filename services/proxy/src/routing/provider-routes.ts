import { anyModel, type Provider } from '../providers/provider.ts';
import type { Route } from './route.ts';

/** The routes that follow from the models the providers list: one target each, the first provider's where several do. */
export function providerRoutes(providers: readonly Provider[]): readonly Route[] {
  const routes = new Map<string, Route>();
  for (const provider of providers) {
    for (const id of provider.models) {
      const label = id === anyModel ? 'other' : id;
      if (!routes.has(id)) {
        routes.set(id, { id, targets: [{ provider, model: undefined, label, weight: 1 }] });
      }
    }
  }
  return [...routes.values()];
}
