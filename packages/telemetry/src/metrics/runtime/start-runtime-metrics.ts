import type { IbexContract } from '@ibex/contract';
import type { MetricRegistry } from '../registry.ts';
import { createResourceMetrics } from './active-resources.ts';
import { EventLoopMetrics } from './event-loop.ts';
import { observeGarbageCollections } from './garbage-collections.ts';
import { createMemoryMetrics } from './memory.ts';
import { createProcessMetrics } from './process.ts';

/**
 * Measures the process and its Node runtime, `process_*` and `nodejs_*`: collected when somebody scrapes, but for garbage
 * collections and the delay of the event loop, which are watched all the time. Nothing of it keeps the process alive.
 *
 * @returns A function that ends it.
 */
export function startRuntimeMetrics(metrics: MetricRegistry<IbexContract>): () => void {
  const eventLoop = new EventLoopMetrics(metrics);
  const stopObserving = observeGarbageCollections(metrics);
  const endings = [
    createProcessMetrics(metrics),
    createMemoryMetrics(metrics),
    createResourceMetrics(metrics),
    () => eventLoop.collect(),
  ].map((collect) => metrics.onCollect(collect));
  return () => {
    for (const end of endings) end();
    stopObserving();
    eventLoop.stop();
  };
}
