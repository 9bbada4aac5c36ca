import type { SpanContext } from './span.ts';

/** Decides for a trace before anything is allocated. */
export type Sampler = (traceId: string, parent: SpanContext | undefined) => boolean;

export type SamplerSettings =
  | { readonly type: 'always' }
  | { readonly type: 'never' }
  | { readonly type: 'probability'; readonly ratio: number };

const bound = 2 ** 32;

/**
 * ParentBased over the root's sampler: a parent's decision is kept. The probability sampler compares bytes of the
 * trace id with the ratio (TraceIdRatioBased), so that all services decide alike.
 */
export function createSampler(settings: SamplerSettings): Sampler {
  const root = createRootSampler(settings);
  return (traceId, parent) => parent?.sampled ?? root(traceId);
}

function createRootSampler(settings: SamplerSettings): (traceId: string) => boolean {
  if (settings.type === 'always') return () => true;
  if (settings.type === 'never') return () => false;
  const threshold = settings.ratio * bound;
  return (traceId) => Number.parseInt(traceId.slice(24), 16) < threshold;
}
