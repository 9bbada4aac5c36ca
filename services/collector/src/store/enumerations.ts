import type { LogLevel, SpanKind, SpanStatus } from '../model.ts';

/** Stored as their place in these lists: append, never reorder. */
export const SPAN_KINDS: readonly SpanKind[] = ['internal', 'server', 'client', 'producer', 'consumer'];
export const SPAN_STATUSES: readonly SpanStatus[] = ['unset', 'ok', 'error'];
/** Lowest first. */
export const LOG_LEVELS: readonly LogLevel[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];

export const STATUS_ERROR = SPAN_STATUSES.indexOf('error');
