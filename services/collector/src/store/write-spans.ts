import type { WriteContext } from './batch-writer.ts';
import { type RowOf, rowAt } from './columns.ts';
import type { SpanColumns } from './encode.ts';
import { queryRows, SqlParameters } from './sql.ts';
import { TraceEntries } from './trace-entries.ts';

/** A second copy of a span is recognised when its start lies this close to the first's; true copies start together. */
const DUPLICATE_WINDOW_NANO = 60_000_000_000n;
const NANO_PER_MS = 1_000_000n;

type SpanRow = RowOf<SpanColumns>;

/**
 * Adds the spans that are not stored yet, and tells the trace index where they lie.
 * @returns how many were written and how many were there before.
 */
export async function writeSpans(
  batches: readonly SpanColumns[],
  context: WriteContext,
): Promise<{ written: number; duplicates: number }> {
  const rows = batches.flatMap((columns) => columns.name.map((_, index) => rowAt(columns, index)));
  if (rows.length === 0) return { written: 0, duplicates: 0 };
  const fresh = withoutCopies(rows, await storedKeys(rows, context));
  const entries = new TraceEntries();
  for (const row of fresh) {
    const sequence = context.registries.sequence.next();
    context.appenders.spans.add({ ...row, sequence });
    entries.add(row, sequence);
    context.registries.services.observe(
      row.service,
      Number((row.startNano + row.durationNano) / NANO_PER_MS),
    );
  }
  for (const entry of entries.values()) context.appenders.traces.add({ ...entry });
  return { written: fresh.length, duplicates: rows.length - fresh.length };
}

function withoutCopies(rows: SpanRow[], stored: Set<string>): SpanRow[] {
  const seen = new Set(stored);
  return rows.filter((row) => {
    const key = keyOf(row.traceHigh, row.traceLow, row.spanId);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The spans in the database that carry one of the rows' ids. */
async function storedKeys(rows: SpanRow[], { connection }: WriteContext): Promise<Set<string>> {
  const { first, last } = extentOf(rows);
  const parameters = new SqlParameters();
  const from = parameters.integer(first - DUPLICATE_WINDOW_NANO);
  const to = parameters.integer(last + DUPLICATE_WINDOW_NANO);
  const ids = parameters.unsignedList(rows.map((row) => row.spanId));
  const sql = `
    SELECT trace_high, trace_low, span_id FROM spans
    WHERE start_nano BETWEEN ${from} AND ${to} AND span_id IN (SELECT unnest(${ids}))`;
  const stored = await queryRows(connection, { sql, parameters });
  return new Set(stored.map((row) => keyOf(row.bigint(0), row.bigint(1), row.bigint(2))));
}

function extentOf(rows: SpanRow[]): { first: bigint; last: bigint } {
  let first = rows[0]?.startNano ?? 0n;
  let last = first;
  for (const { startNano } of rows) {
    if (startNano < first) first = startNano;
    if (startNano > last) last = startNano;
  }
  return { first, last };
}

function keyOf(...parts: [traceHigh: bigint, traceLow: bigint, spanId: bigint]): string {
  return parts.join(' ');
}
