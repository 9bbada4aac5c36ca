import type { Telemetry } from '@ibex/telemetry';
import { createModels, type ModelSources } from '../create-models.ts';
import { gatewayLabels } from '../routing/configured-labels.ts';
import type { ModelSource } from '../routing/model-source.ts';
import type { PreparePart } from './reloader.ts';

type ModelParts = Parameters<typeof createModels>[1];

/** Providers, routes and streaming: connected anew; calls under way end with the providers they began with. */
export function reloadModels(
  models: ModelSource,
  { sources, parts }: { sources: ModelSources; parts: ModelParts },
): PreparePart {
  return async (config) => {
    const changed = { ...sources, config };
    const next = await createModels(changed, parts);
    return {
      apply() {
        admitLabels(parts.telemetry, changed);
        models.replace(next);
      },
      discard: () => next.close(),
    };
  };
}

/** Names that are new get series of their own, as long as there is room. */
function admitLabels({ metrics }: Telemetry, sources: ModelSources): void {
  const { provider, model } = gatewayLabels(sources);
  for (const name of provider) metrics.admit('provider', name);
  for (const name of model) metrics.admit('model', name);
}
