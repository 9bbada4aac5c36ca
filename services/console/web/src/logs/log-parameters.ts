import type { TimeWindow } from '../time/time-range.ts';
import type { LogSearch } from './log-search.ts';

/** The parameters of the API for a search as the address holds it. */
export function logParameters(search: LogSearch, window: TimeWindow) {
  const { text, level, service, requestId, traceId, spanId } = search;
  return {
    start: Math.floor(window.startMs),
    end: Math.ceil(window.endMs),
    ...(text === undefined ? {} : { text: text.slice(0, 500) }),
    ...(level === undefined ? {} : { level }),
    ...(service === undefined ? {} : { service }),
    ...(requestId === undefined ? {} : { requestId }),
    ...(traceId === undefined ? {} : { traceId }),
    ...(spanId === undefined ? {} : { spanId }),
  };
}
