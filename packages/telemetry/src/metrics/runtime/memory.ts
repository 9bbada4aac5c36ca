import { getHeapSpaceStatistics } from 'node:v8';
import { fold, type IbexContract, ibexContract } from '@ibex/contract';
import type { MetricRegistry } from '../registry.ts';

const spaces = ibexContract.metrics.nodejs_heap_space_size_used_bytes.labels.space;

/** Memory of the process and of V8's heap; the function sets it anew. */
export function createMemoryMetrics(metrics: MetricRegistry<IbexContract>): () => void {
  const resident = metrics.gauge('process_resident_memory_bytes').bind({});
  const total = metrics.gauge('nodejs_heap_size_total_bytes').bind({});
  const used = metrics.gauge('nodejs_heap_size_used_bytes').bind({});
  const external = metrics.gauge('nodejs_external_memory_bytes').bind({});
  const spaceTotal = metrics.gauge('nodejs_heap_space_size_total_bytes');
  const spaceUsed = metrics.gauge('nodejs_heap_space_size_used_bytes');
  const seen = new Set<string>();

  return () => {
    const usage = process.memoryUsage();
    resident.set(usage.rss);
    total.set(usage.heapTotal);
    used.set(usage.heapUsed);
    external.set(usage.external);
    for (const { space_name, space_size, space_used_size } of getHeapSpaceStatistics()) {
      const space = fold(spaces, space_name.replace(/_space$/, ''));
      // Half of the spaces are never used: they need no series.
      if (space_size === 0 && !seen.has(space)) continue;
      seen.add(space);
      spaceTotal.set({ space }, space_size);
      spaceUsed.set({ space }, space_used_size);
    }
  };
}
