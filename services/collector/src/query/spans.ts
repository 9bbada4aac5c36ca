import type { components } from '@ibex/api/collector';
import { SPAN_STATUSES } from '../store/enumerations.ts';
import type { SpanSearch, SpanSummary, Store } from '../store/types.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { Parameters } from './parameters.ts';
import { invalidParameter } from './problems.ts';
import { RANGE_PARAMETERS, readTimeRange } from './time-range.ts';

type Schemas = components['schemas'];

const NANO_PER_MS = 1_000_000;
/** A century: beyond it milliseconds times a million would not fit the column. */
const MAX_DURATION_MS = 3_155_760_000_000;

const PARAMETERS = [
  'service',
  'name',
  'status',
  'minDurationMs',
  'maxDurationMs',
  'attribute',
  'rootOnly',
  ...RANGE_PARAMETERS,
  'limit',
  'cursor',
];

/** `GET /api/v1/spans` */
export async function searchSpans(query: unknown, store: Store): Promise<Schemas['SpanPage']> {
  const parameters = new Parameters(query, PARAMETERS);
  const filter = readFilter(parameters);
  const cursor = parameters.text('cursor', { maxLength: 200 });
  const continuation = cursor === undefined ? undefined : decodeCursor(filter, cursor);
  const range = continuation?.range ?? readTimeRange(parameters);
  const limit = parameters.integer('limit', { minimum: 1, maximum: 1000 }) ?? 100;
  const page = await store.searchSpans({ ...filter, ...range, limit, after: continuation?.after });
  const nextCursor = page.next === undefined ? null : encodeCursor(filter, { range, after: page.next });
  return { spans: page.rows.map(presentSummary), nextCursor };
}

type Filter = Omit<SpanSearch, 'startUnixMs' | 'endUnixMs' | 'limit' | 'after'>;

function readFilter(parameters: Parameters): Filter {
  const minDurationMs = parameters.number('minDurationMs', { minimum: 0, maximum: MAX_DURATION_MS });
  const maxDurationMs = parameters.number('maxDurationMs', { minimum: 0, maximum: MAX_DURATION_MS });
  if (minDurationMs !== undefined && maxDurationMs !== undefined && minDurationMs > maxDurationMs) {
    throw invalidParameter(
      `'minDurationMs' must not be above 'maxDurationMs': they are ${minDurationMs} and ${maxDurationMs}. Swap or correct them`,
    );
  }
  return {
    service: parameters.text('service', { maxLength: 200 }),
    name: parameters.text('name', { maxLength: 500 }),
    status: parameters.choice('status', SPAN_STATUSES),
    minDurationNano: toNano(minDurationMs),
    maxDurationNano: toNano(maxDurationMs),
    attributes: parameters.equalities('attribute', { maxItems: 10, maxLength: 1000 }),
    rootOnly: parameters.boolean('rootOnly') ?? false,
  };
}

function toNano(ms: number | undefined): bigint | undefined {
  return ms === undefined ? undefined : BigInt(Math.round(ms * NANO_PER_MS));
}

function presentSummary({ trace, requestId, ...span }: SpanSummary): Schemas['SpanSummary'] {
  return {
    ...span,
    parentSpanId: span.parentSpanId === '' ? null : span.parentSpanId,
    startTimeUnixNano: span.startTimeUnixNano.toString(),
    durationNano: Number(span.durationNano),
    requestId: requestId === '' ? null : requestId,
    traceSpanCount: trace.spanCount,
    traceErrorCount: trace.errorCount,
    traceServices: trace.services,
  };
}
