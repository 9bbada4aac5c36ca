import type { SqlParameters, SqlRow } from './sql.ts';
import type { Page, Position, TimeRange } from './types.ts';

const NANO_PER_MS = 1_000_000n;

/** The time range and the place to go on from, as conditions. */
export function rangeConditions(
  { startUnixMs, endUnixMs, after, column }: TimeRange & { after?: Position | undefined; column: string },
  parameters: SqlParameters,
): string[] {
  const conditions = [
    `${column} >= ${parameters.integer(BigInt(startUnixMs) * NANO_PER_MS)}`,
    `${column} < ${parameters.integer(BigInt(endUnixMs) * NANO_PER_MS)}`,
  ];
  if (after !== undefined) {
    const time = parameters.integer(after.timeUnixNano);
    const sequence = parameters.integer(after.sequence);
    conditions.push(`${column} <= ${time}`, `(${column} < ${time} OR sequence < ${sequence})`);
  }
  return conditions;
}

/** Cuts rows that were asked for with one more than `limit`. Their first columns are sequence and time. */
export function pageOf(rows: SqlRow[], limit: number): Page<SqlRow> {
  const kept = rows.slice(0, limit);
  return { rows: kept, next: rows.length > limit ? positionOf(kept) : undefined };
}

/** The place of the last row, whose first columns are sequence and time. */
export function positionOf(rows: SqlRow[]): Position | undefined {
  const last = rows.at(-1);
  return last === undefined ? undefined : { sequence: last.bigint(0), timeUnixNano: last.bigint(1) };
}
