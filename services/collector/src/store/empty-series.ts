import type { DuckDBConnection } from '@duckdb/node-api';
import type { SerialQueue } from './serial-queue.ts';
import type { SeriesRegistry } from './series-registry.ts';
import { execute, queryRows, SqlParameters } from './sql.ts';

interface EmptySeriesOptions {
  /** The writer's; used inside the queue only. */
  connection: DuckDBConnection;
  /** Reads beside the writer, because looking through all samples takes long. */
  scanConnection: DuckDBConnection;
  queue: SerialQueue;
  series: SeriesRegistry;
}

/**
 * Deletes series whose last sample has expired. What the scan found is held against what arrived meanwhile, so that no
 * series goes that has begun again.
 *
 * @param expiredUnixMs Samples before are expired.
 */
export async function deleteEmptySeries(options: EmptySeriesOptions, expiredUnixMs: number): Promise<void> {
  const { connection, scanConnection, queue, series } = options;
  const sql = 'SELECT id FROM series WHERE id NOT IN (SELECT DISTINCT series_id FROM samples)';
  const empty = new Set((await queryRows(scanConnection, { sql })).map((row) => row.number(0)));
  if (empty.size === 0) return;
  await queue.run(async () => {
    const idle = series.idleSince(expiredUnixMs, empty);
    const parameters = new SqlParameters();
    const ids = parameters.seriesIds([...idle]);
    await execute(connection, { sql: `DELETE FROM series WHERE id IN (SELECT unnest(${ids}))`, parameters });
    series.remove(idle);
  });
}
