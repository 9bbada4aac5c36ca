import { constants, type PerformanceEntry, PerformanceObserver } from 'node:perf_hooks';
import type { IbexContract } from '@ibex/contract';
import type { MetricRegistry } from '../registry.ts';

const kinds = {
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weakcb',
} as const;
const msPerSecond = 1_000;

/** What Node's types leave out of an entry of this type. */
type GarbageCollection = PerformanceEntry & { readonly detail?: { readonly kind?: number } };

/**
 * Observes the garbage collections of this process as they happen.
 * @returns A function that ends it.
 */
export function observeGarbageCollections(metrics: MetricRegistry<IbexContract>): () => void {
  const durations = metrics.histogram('nodejs_gc_duration_seconds');
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as GarbageCollection[]) {
      durations.observe({ kind: kindOf(entry.detail) }, entry.duration / msPerSecond);
    }
  });
  observer.observe({ entryTypes: ['gc'] });
  return () => observer.disconnect();
}

function kindOf(detail: GarbageCollection['detail']): (typeof kinds)[keyof typeof kinds] | 'other' {
  return kinds[detail?.kind as keyof typeof kinds] ?? 'other';
}
