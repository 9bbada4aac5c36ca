import type { IbexContract } from '@ibex/contract';
import type { Telemetry } from '../telemetry.ts';

/** The operations the contract knows; a query is one of them, never its text. */
export type DatabaseOperation =
  IbexContract['metrics']['ibex_db_query_duration_seconds']['labels']['operation'][number];

/** Observes a database without knowing its driver. */
export interface SqlTelemetry {
  /** Runs a query inside a span `db.{operation}` and observes how long it took, also when it fails. */
  measure<Result>(operation: DatabaseOperation, run: () => Promise<Result>): Promise<Result>;
  /** Says how many connections the pool has at the moment. */
  setPool(connections: { readonly inUse: number; readonly idle: number }): void;
}

/** Feeds `ibex_db_query_duration_seconds` and `ibex_db_pool_open_connections`. `system` as in `db.system.name`. */
export function sqlTelemetry(telemetry: Telemetry, { system }: { system: string }): SqlTelemetry {
  const durations = telemetry.metrics.histogram('ibex_db_query_duration_seconds');
  const connections = telemetry.metrics.gauge('ibex_db_pool_open_connections');
  const inUse = connections.bind({ state: 'in_use' });
  const idle = connections.bind({ state: 'idle' });
  return {
    measure: (operation, run) => {
      const startedAt = performance.now();
      const attributes = { 'db.system.name': system, 'db.operation.name': operation };
      return telemetry.tracer
        .withSpan(`db.${operation}`, { kind: 'client', attributes, quiet: operation === 'ping' }, run)
        .finally(() => durations.observe({ operation }, (performance.now() - startedAt) / 1000));
    },
    setPool: (pool) => {
      inUse.set(pool.inUse);
      idle.set(pool.idle);
    },
  };
}
