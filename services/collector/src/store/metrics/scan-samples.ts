import { QueryRefusedError } from '../errors.ts';
import type { Reader } from '../reader-pool.ts';
import { SqlParameters } from '../sql.ts';
import type { SeriesFunction } from './step-grid.ts';

/** Samples one query may read: about two seconds' work. */
const MAX_SAMPLES = 20_000_000;

interface Scan {
  fromUnixMs: number;
  toUnixMs: number;
  /** By series id. */
  functions: ReadonlyMap<number, SeriesFunction>;
  reader: Reader;
}

/** Feeds every sample of the series, in the order they arrived, to the series' function, chunk by chunk. */
export async function scanSamples({ fromUnixMs, toUnixMs, functions, reader }: Scan): Promise<void> {
  if (functions.size === 0) return;
  const parameters = new SqlParameters();
  const sql = `
    SELECT series_id, time_ms::DOUBLE, value FROM samples
    WHERE time_ms >= ${parameters.integer(fromUnixMs)} AND time_ms < ${parameters.integer(toUnixMs)}
      AND series_id IN (SELECT unnest(${parameters.seriesIds([...functions.keys()])}))`;
  const result = await reader.connection.stream(sql, parameters.values, parameters.types);
  let scanned = 0;
  for (
    let chunk = await result.fetchChunk();
    chunk !== null && chunk.rowCount > 0;
    chunk = await result.fetchChunk()
  ) {
    reader.check();
    scanned += chunk.rowCount;
    if (scanned > MAX_SAMPLES) throw tooManySamples();
    const [ids = [], times = [], values = []] = chunk.getColumns();
    for (const [row, id] of ids.entries())
      functions.get(Number(id))?.add(Number(times[row]), Number(values[row]));
  }
  for (const one of functions.values()) one.finish();
}

function tooManySamples(): QueryRefusedError {
  return new QueryRefusedError(
    `The range holds more than ${MAX_SAMPLES} samples: ask for a shorter one or add a 'label'`,
  );
}
