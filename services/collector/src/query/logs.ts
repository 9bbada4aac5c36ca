import type { components } from '@ibex/api/collector';
import { LOG_LEVELS } from '../store/enumerations.ts';
import type { LogFilter, Store, StoredLog } from '../store/types.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { Parameters } from './parameters.ts';
import { splitPhrases } from './phrases.ts';
import { RANGE_PARAMETERS, readStepSeconds, readTimeRange } from './time-range.ts';

type Schemas = components['schemas'];

const FILTER_PARAMETERS = ['text', 'level', 'service', 'requestId', 'traceId', 'spanId', ...RANGE_PARAMETERS];
const SEARCH_PARAMETERS = [...FILTER_PARAMETERS, 'limit', 'cursor'];
const VOLUME_PARAMETERS = [...FILTER_PARAMETERS, 'stepSeconds'];

/** `GET /api/v1/logs` */
export async function searchLogs(query: unknown, store: Store): Promise<Schemas['LogPage']> {
  const parameters = new Parameters(query, SEARCH_PARAMETERS);
  const filter = readFilter(parameters);
  const cursor = parameters.text('cursor', { maxLength: 200 });
  const continuation = cursor === undefined ? undefined : decodeCursor(filter, cursor);
  const range = continuation?.range ?? readTimeRange(parameters);
  const limit = parameters.integer('limit', { minimum: 1, maximum: 1000 }) ?? 100;
  const page = await store.searchLogs({ ...filter, ...range, limit, after: continuation?.after });
  const nextCursor = page.next === undefined ? null : encodeCursor(filter, { range, after: page.next });
  return { logs: page.rows.map(presentLog), nextCursor };
}

/** `GET /api/v1/logs/volume` */
export async function logVolume(query: unknown, store: Store): Promise<Schemas['LogVolume']> {
  const parameters = new Parameters(query, VOLUME_PARAMETERS);
  const range = readTimeRange(parameters);
  const stepSeconds = readStepSeconds(parameters, range);
  const steps = await store.logVolume({ ...readFilter(parameters), ...range, stepSeconds });
  return {
    stepSeconds,
    buckets: steps.map(({ timeUnixMs, counts }) => ({ timeUnixMs, counts: { ...counts } })),
  };
}

function readFilter(parameters: Parameters): Omit<LogFilter, 'startUnixMs' | 'endUnixMs'> {
  return {
    phrases: splitPhrases(parameters.text('text', { maxLength: 500 })),
    level: parameters.choice('level', LOG_LEVELS),
    service: parameters.text('service', { maxLength: 200 }),
    requestId: parameters.text('requestId', { maxLength: 64 }),
    traceId: parameters.matching('traceId', { pattern: /^[0-9a-f]{32}$/, rule: '32 lower-case hex digits' }),
    spanId: parameters.matching('spanId', { pattern: /^[0-9a-f]{16}$/, rule: '16 lower-case hex digits' }),
  };
}

function presentLog(log: StoredLog): Schemas['LogRecord'] {
  return {
    ...log,
    timeUnixNano: log.timeUnixNano.toString(),
    traceId: log.traceId === '' ? null : log.traceId,
    spanId: log.spanId === '' ? null : log.spanId,
    requestId: log.requestId === '' ? null : log.requestId,
  };
}
