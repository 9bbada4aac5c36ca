import { fold, type IbexContract, ibexContract } from '@ibex/contract';
import type { MetricRegistry } from '../registry.ts';

const types = ibexContract.metrics.nodejs_active_resources.labels.type;

/** What keeps the event loop alive; the function sets it anew. */
export function createResourceMetrics(metrics: MetricRegistry<IbexContract>): () => void {
  const gauge = metrics.gauge('nodejs_active_resources');
  const counts = new Map<(typeof types)[number] | 'other', number>();

  return () => {
    // What is gone is told as 0.
    for (const type of counts.keys()) counts.set(type, 0);
    for (const name of process.getActiveResourcesInfo()) {
      const type = fold(types, name);
      counts.set(type, (counts.get(type) ?? 0) + 1);
    }
    for (const [type, count] of counts) gauge.set({ type }, count);
  };
}
