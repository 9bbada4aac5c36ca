import { SPAN_KINDS, SPAN_STATUSES, STATUS_ERROR } from './enumerations.ts';
import { formatSpanId, formatTraceId, splitTraceId } from './identifiers.ts';
import type { Reader } from './reader-pool.ts';
import type { EncodedSpan, EncodedTrace } from './rows.ts';
import { rowsInSlices } from './slices.ts';
import { SqlParameters, type SqlRow } from './sql.ts';

/** Spans of one trace that are handed out. */
const MAX_SPANS = 10_000;
/** Spans of one trace that are looked at for its totals. */
const MAX_COUNTED = 200_000;
/** Characters of attributes, events and links of one trace that are handed out. */
const MAX_CHARACTERS = 32 * 1024 * 1024;

const COLUMNS = `sequence, trace_high, trace_low, span_id, parent_span_id, name, kind, service, scope,
  start_nano, duration_nano, status, status_message, attributes, resource, events, links`;

interface Located {
  high: bigint;
  low: bigint;
  first: bigint;
  last: bigint;
}

interface Outline extends Omit<EncodedTrace, 'spans' | 'truncated'> {
  /** Of the spans to hand out, by start. */
  sequences: bigint[];
}

/** The whole trace: the index says where its spans lie, so that only that stretch is read. */
export async function readTrace(
  { traceId }: { traceId: string },
  reader: Reader,
): Promise<EncodedTrace | undefined> {
  const located = await locate(traceId, reader);
  if (located === undefined) return undefined;
  const { sequences, ...outline } = await readOutline(traceId, { located, reader });
  if (outline.spanCount === 0) return undefined;
  const sql = `SELECT ${COLUMNS} FROM spans`;
  const rows = await rowsInSlices({
    reader,
    sql,
    sequences,
    maxCharacters: MAX_CHARACTERS,
    textColumns: [13, 14, 15, 16],
  });
  return { ...outline, spans: rows.map(spanOf), truncated: rows.length < outline.spanCount };
}

async function locate(traceId: string, reader: Reader): Promise<Located | undefined> {
  const { high, low } = splitTraceId(traceId);
  const parameters = new SqlParameters();
  const sql = `
    SELECT min(first_sequence), max(last_sequence) FROM trace_index
    WHERE trace_low = ${parameters.unsigned(low)} AND trace_high = ${parameters.unsigned(high)}`;
  const [row] = await reader.rows({ sql, parameters });
  if (row === undefined || row.isNull(0)) return undefined;
  return { high, low, first: row.bigint(0), last: row.bigint(1) };
}

/** Reads the narrow columns of all spans: what the totals and the order need. */
async function readOutline(
  traceId: string,
  { located, reader }: { located: Located; reader: Reader },
): Promise<Outline> {
  const parameters = new SqlParameters();
  const sql = `
    SELECT sequence, start_nano, duration_nano, status, service, span_id FROM spans
    WHERE sequence BETWEEN ${parameters.integer(located.first)} AND ${parameters.integer(located.last)}
      AND trace_low = ${parameters.unsigned(located.low)} AND trace_high = ${parameters.unsigned(located.high)}
    ORDER BY start_nano, sequence LIMIT ${MAX_COUNTED}`;
  const rows = withoutCopies(await reader.rows({ sql, parameters }));
  const start = rows[0]?.bigint(1) ?? 0n;
  let end = start;
  for (const row of rows) {
    const spanEnd = row.bigint(1) + row.bigint(2);
    if (spanEnd > end) end = spanEnd;
  }
  return {
    traceId,
    startTimeUnixNano: start,
    durationNano: end - start,
    spanCount: rows.length,
    errorCount: rows.filter((row) => row.number(3) === STATUS_ERROR).length,
    services: [...new Set(rows.map((row) => row.text(4)))].sort(),
    sequences: rows.slice(0, MAX_SPANS).map((row) => row.bigint(0)),
  };
}

/** The writer recognises copies that start together; any other copy is recognised here. */
function withoutCopies(rows: SqlRow[]): SqlRow[] {
  const seen = new Set<bigint>();
  return rows.filter((row) => seen.size < seen.add(row.bigint(5)).size);
}

function spanOf(row: SqlRow): EncodedSpan {
  return {
    traceId: formatTraceId({ high: row.bigint(1), low: row.bigint(2) }),
    spanId: formatSpanId(row.bigint(3)),
    parentSpanId: formatSpanId(row.bigint(4)),
    name: row.text(5),
    kind: SPAN_KINDS[row.number(6)] ?? 'internal',
    serviceName: row.text(7),
    scopeName: row.text(8),
    startTimeUnixNano: row.bigint(9),
    durationNano: row.bigint(10),
    status: SPAN_STATUSES[row.number(11)] ?? 'unset',
    statusMessage: row.text(12),
    attributes: row.text(13),
    resource: row.text(14),
    events: row.text(15),
    links: row.text(16),
  };
}
