import type { Telemetry } from '@ibex/telemetry';
import type { Store } from '../store/types.ts';

const millisecondsPerSecond = 1_000;

/** Sets the store's gauges from its account of itself; called before each exposition. */
export function createStoreMetrics({ metrics }: Telemetry, store: Store): () => void {
  const rows = metrics.gauge('ibex_collector_store_rows');
  const sizes = metrics.gauge('ibex_collector_store_size_bytes');
  const queued = metrics.gauge('ibex_collector_store_queued_rows').bind({});
  const dropped = metrics.gauge('ibex_collector_store_dropped_rows');
  const commitDuration = metrics.gauge('ibex_collector_store_commit_duration_seconds').bind({});

  return () => {
    const statistics = store.statistics();
    for (const kind of ['spans', 'logs', 'samples', 'series'] as const)
      rows.set({ kind }, statistics.rows[kind]);
    sizes.set({ file: 'database' }, statistics.databaseBytes);
    sizes.set({ file: 'write_ahead_log' }, statistics.writeAheadLogBytes);
    queued.set(statistics.queuedRows);
    commitDuration.set(statistics.lastCommitMs / millisecondsPerSecond);
    for (const reason of [
      'overloaded',
      'write_failed',
      'duplicate_span',
      'series_limit',
      'expired',
    ] as const) {
      dropped.set({ reason }, statistics.dropped[reason]);
    }
  };
}
