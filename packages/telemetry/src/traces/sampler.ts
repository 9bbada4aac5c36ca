import type { SpanContext } from './span.ts';

/** Decides for a trace before anything is allocated. */
export type Sampler = (traceId: string, parent: SpanContext | undefined) => boolean;

export type SamplerSettings =
  | { readonly type: 'always' }
  | { readonly type: 'never' }
  | { readonly type: 'probability'; readonly ratio: number };

const bound = 2 ** 32;
const comparedDigits = 8;

/**
 * ParentBased over the root's sampler: a parent's decision is kept. The probability sampler compares the last digits
 * of the trace id with the ratio (TraceIdRatioBased), so that all services decide alike.
 */
export function createSampler(settings: SamplerSettings): Sampler {
  const root = createRootSampler(settings);
  return (traceId, parent) => parent?.sampled ?? root(traceId);
}

function createRootSampler(settings: SamplerSettings): (traceId: string) => boolean {
  if (settings.type === 'always' || (settings.type === 'probability' && settings.ratio >= 1))
    return () => true;
  if (settings.type === 'never' || settings.ratio <= 0) return () => false;
  // Lower-case hex digits of equal length sort as the numbers they stand for, so no number is parsed.
  const threshold = Math.floor(settings.ratio * bound)
    .toString(16)
    .padStart(comparedDigits, '0');
  return (traceId) => traceId.slice(-comparedDigits) < threshold;
}
