import type { components } from '@ibex/api/auth-http';
import type { Limits, Scopes } from '../rights.ts';

type Schemas = components['schemas'];

/** Limits as the API shows them: all of them, 0 for none. */
export function shownLimits(limits: Limits): Schemas['Limits'] {
  return { ...limits };
}

/** Scopes as the API shows them: both lists, empty for everything. */
export function shownScopes({ models, endpoints }: Scopes): Schemas['Scopes'] {
  return { models: [...models], endpoints: [...endpoints] };
}
