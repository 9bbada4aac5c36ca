import { SPAN_KINDS, SPAN_STATUSES } from './enumerations.ts';
import { formatSpanId, formatTraceId } from './identifiers.ts';
import { pageOf, rangeConditions } from './paging.ts';
import type { Reader } from './reader-pool.ts';
import { SqlParameters, type SqlRow } from './sql.ts';
import type { Equality, Page, SpanSearch, SpanSummary, TraceTotals } from './types.ts';

const COLUMNS = `sequence, start_nano, trace_high, trace_low, span_id, parent_span_id, name, kind, service,
  duration_nano, status, status_message, http_status, request_id`;

const UNKNOWN_TOTALS: TraceTotals = { spanCount: 0, errorCount: 0, services: [] };

/** The spans that match, newest first, each with the totals of its trace. */
export async function searchSpans(search: SpanSearch, reader: Reader): Promise<Page<SpanSummary>> {
  const parameters = new SqlParameters();
  const conditions = [
    ...rangeConditions({ ...search, column: 'start_nano' }, parameters),
    ...spanConditions(search, parameters),
  ];
  const sql = `
    SELECT ${COLUMNS} FROM spans WHERE ${conditions.join(' AND ')}
    ORDER BY start_nano DESC, sequence DESC LIMIT ${parameters.integer(search.limit + 1)}`;
  const page = pageOf(await reader.rows({ sql, parameters }), search.limit);
  const totals = await readTotals(page.rows, reader);
  const summaries = page.rows.map((row) => summaryOf(row, totals.get(traceKey(row)) ?? UNKNOWN_TOTALS));
  return { rows: summaries, next: page.next };
}

function spanConditions(search: SpanSearch, parameters: SqlParameters): string[] {
  const conditions: string[] = [];
  const { service, name, status, minDurationNano, maxDurationNano } = search;
  if (service !== undefined) conditions.push(`service = ${parameters.text(service)}`);
  if (name !== undefined) conditions.push(`name = ${parameters.text(name)}`);
  if (status !== undefined) conditions.push(`status = ${parameters.integer(SPAN_STATUSES.indexOf(status))}`);
  if (minDurationNano !== undefined)
    conditions.push(`duration_nano >= ${parameters.integer(minDurationNano)}`);
  if (maxDurationNano !== undefined)
    conditions.push(`duration_nano <= ${parameters.integer(maxDurationNano)}`);
  if (search.rootOnly) conditions.push('parent_span_id = 0');
  for (const equality of search.attributes) conditions.push(attributeCondition(equality, parameters));
  return conditions;
}

/**
 * A JSON pointer reaches a key of any spelling. Looking for the key as plain text first spares parsing the JSON of
 * rows that do not have it.
 */
function attributeCondition({ key, value }: Equality, parameters: SqlParameters): string {
  const pointer = parameters.text(`/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
  const needle = parameters.text(`${JSON.stringify(key)}:`);
  const wanted = parameters.text(value);
  const matches = (column: string) =>
    `(contains(${column}, ${needle}) AND json_extract_string(${column}, ${pointer}) = ${wanted})`;
  return `(${matches('attributes')} OR ${matches('resource')})`;
}

async function readTotals(rows: SqlRow[], reader: Reader): Promise<Map<string, TraceTotals>> {
  if (rows.length === 0) return new Map();
  const parameters = new SqlParameters();
  const wanted = parameters.unsignedList([...new Set(rows.map((row) => row.bigint(3)))]);
  const sql = `
    SELECT trace_high, trace_low, service, sum(spans)::BIGINT, sum(errors)::BIGINT FROM trace_index
    WHERE trace_low IN (SELECT unnest(${wanted}))
    GROUP BY trace_high, trace_low, service ORDER BY service`;
  const totals = new Map<string, TraceTotals>();
  for (const row of await reader.rows({ sql, parameters })) {
    const key = `${row.bigint(0)} ${row.bigint(1)}`;
    const before = totals.get(key) ?? UNKNOWN_TOTALS;
    totals.set(key, {
      spanCount: before.spanCount + row.number(3),
      errorCount: before.errorCount + row.number(4),
      services: [...before.services, row.text(2)],
    });
  }
  return totals;
}

function traceKey(row: SqlRow): string {
  return `${row.bigint(2)} ${row.bigint(3)}`;
}

function summaryOf(row: SqlRow, trace: TraceTotals): SpanSummary {
  return {
    traceId: formatTraceId({ high: row.bigint(2), low: row.bigint(3) }),
    spanId: formatSpanId(row.bigint(4)),
    parentSpanId: formatSpanId(row.bigint(5)),
    name: row.text(6),
    kind: SPAN_KINDS[row.number(7)] ?? 'internal',
    serviceName: row.text(8),
    startTimeUnixNano: row.bigint(1),
    durationNano: row.bigint(9),
    status: SPAN_STATUSES[row.number(10)] ?? 'unset',
    statusMessage: row.text(11),
    httpStatusCode: row.isNull(12) ? null : row.number(12),
    requestId: row.text(13),
    trace,
  };
}
