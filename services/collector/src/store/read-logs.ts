import type { LogLevel } from '../model.ts';
import { LOG_LEVELS } from './enumerations.ts';
import { formatSpanId, formatTraceId, parseHex, splitTraceId } from './identifiers.ts';
import { pageOf, positionOf, rangeConditions } from './paging.ts';
import type { Reader } from './reader-pool.ts';
import type { EncodedLog } from './rows.ts';
import { rowsInSlices } from './slices.ts';
import { SqlParameters, type SqlRow } from './sql.ts';
import type { LogFilter, LogSearch, LogVolumeQuery, LogVolumeStep, Page } from './types.ts';

/** Characters of one page of lines; a page that would be larger ends early. */
const MAX_CHARACTERS = 8 * 1024 * 1024;
const NANO_PER_MS = 1_000_000n;

const COLUMNS = `sequence, time_nano, level, service, message, trace_high, trace_low, span_id, request_id,
  attributes, resource`;

/** The lines that match, newest first. The narrow columns decide which; only those are then read whole. */
export async function searchLogs(search: LogSearch, reader: Reader): Promise<Page<EncodedLog>> {
  const parameters = new SqlParameters();
  const conditions = [
    ...rangeConditions({ ...search, column: 'time_nano' }, parameters),
    ...logConditions(search, parameters),
  ];
  const sql = `
    SELECT sequence, time_nano FROM logs WHERE ${conditions.join(' AND ')}
    ORDER BY time_nano DESC, sequence DESC LIMIT ${parameters.integer(search.limit + 1)}`;
  const page = pageOf(await reader.rows({ sql, parameters }), search.limit);
  const rows = await rowsInSlices({
    reader,
    sql: `SELECT ${COLUMNS} FROM logs`,
    sequences: page.rows.map((row) => row.bigint(0)),
    maxCharacters: MAX_CHARACTERS,
    textColumns: [4, 9, 10],
  });
  const isCut = rows.length < page.rows.length;
  return { rows: rows.map(logOf), next: isCut ? positionOf(rows) : page.next };
}

/** Lines per step and level, every step of the range, empty ones too. */
export async function readLogVolume(query: LogVolumeQuery, reader: Reader): Promise<LogVolumeStep[]> {
  const parameters = new SqlParameters();
  const conditions = [
    ...rangeConditions({ ...query, column: 'time_nano' }, parameters),
    ...logConditions(query, parameters),
  ];
  const start = parameters.integer(BigInt(query.startUnixMs) * NANO_PER_MS);
  const step = parameters.integer(BigInt(query.stepSeconds) * 1_000_000_000n);
  const sql = `
    SELECT (time_nano - ${start}) // ${step} AS step, level, count(*) FROM logs
    WHERE ${conditions.join(' AND ')} GROUP BY step, level ORDER BY level`;
  const steps = emptySteps(query);
  for (const row of await reader.rows({ sql, parameters })) {
    const counts = steps[row.number(0)]?.counts;
    const level = LOG_LEVELS[row.number(1)];
    if (counts !== undefined && level !== undefined) counts[level] = row.number(2);
  }
  return steps;
}

function emptySteps({ startUnixMs, endUnixMs, stepSeconds }: LogVolumeQuery): LogVolumeStep[] {
  const stepMs = stepSeconds * 1000;
  const count = Math.ceil((endUnixMs - startUnixMs) / stepMs);
  return Array.from({ length: count }, (_, index) => ({
    timeUnixMs: startUnixMs + index * stepMs,
    counts: {},
  }));
}

function logConditions(filter: LogFilter, parameters: SqlParameters): string[] {
  const conditions: string[] = [];
  if (filter.level !== undefined) conditions.push(levelCondition(filter.level, parameters));
  if (filter.service !== undefined) conditions.push(`service = ${parameters.text(filter.service)}`);
  if (filter.requestId !== undefined) conditions.push(`request_id = ${parameters.text(filter.requestId)}`);
  if (filter.traceId !== undefined) {
    const { high, low } = splitTraceId(filter.traceId);
    conditions.push(`trace_low = ${parameters.unsigned(low)} AND trace_high = ${parameters.unsigned(high)}`);
  }
  if (filter.spanId !== undefined)
    conditions.push(`span_id = ${parameters.unsigned(parseHex(filter.spanId))}`);
  for (const phrase of filter.phrases) conditions.push(phraseCondition(phrase, parameters));
  return conditions;
}

function levelCondition(level: LogLevel, parameters: SqlParameters): string {
  return `level >= ${parameters.integer(LOG_LEVELS.indexOf(level))}`;
}

/** Attributes are JSON text, so the phrase is looked for there as JSON spells it. */
function phraseCondition(phrase: string, parameters: SqlParameters): string {
  const plain = parameters.text(phrase);
  const spelled = parameters.text(JSON.stringify(phrase).slice(1, -1));
  return `(contains(lower(message), lower(${plain})) OR contains(lower(attributes), lower(${spelled})))`;
}

function logOf(row: SqlRow): EncodedLog {
  return {
    id: row.bigint(0).toString(),
    timeUnixNano: row.bigint(1),
    level: LOG_LEVELS[row.number(2)] ?? 'INFO',
    serviceName: row.text(3),
    message: row.text(4),
    traceId: formatTraceId({ high: row.bigint(5), low: row.bigint(6) }),
    spanId: formatSpanId(row.bigint(7)),
    requestId: row.text(8),
    attributes: row.text(9),
    resource: row.text(10),
  };
}
