import type { DuckDBConnection } from '@duckdb/node-api';
import { queryRows } from './sql.ts';

const LAST_USED = `
  SELECT greatest(
    coalesce((SELECT max(sequence) FROM spans), 0),
    coalesce((SELECT max(sequence) FROM logs), 0))`;

/** Numbers rows in the order of arrival, over all signals and restarts. */
export class Sequence {
  #last: bigint;

  constructor(last: bigint) {
    this.#last = last;
  }

  static async load(connection: DuckDBConnection): Promise<Sequence> {
    const [row] = await queryRows(connection, { sql: LAST_USED });
    return new Sequence(row?.bigint(0) ?? 0n);
  }

  next(): bigint {
    this.#last += 1n;
    return this.#last;
  }
}
