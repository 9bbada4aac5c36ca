import type { TimeWindow } from '../../time/time-range.ts';
import { parseDuration } from '../../ui/format.ts';
import type { TraceSearch } from './trace-search.ts';

const pageSize = 200;

/** The parameters of the API for a search as the address holds it. */
export function spanParameters(search: TraceSearch, window: TimeWindow) {
  const minNano = parseDuration(search.min ?? '');
  const maxNano = parseDuration(search.max ?? '');
  return {
    start: Math.floor(window.startMs),
    end: Math.ceil(window.endMs),
    limit: pageSize,
    ...(search.service === undefined ? {} : { service: search.service }),
    ...(search.name === undefined ? {} : { name: search.name }),
    ...(search.status === undefined ? {} : { status: search.status }),
    ...(minNano === undefined ? {} : { minDurationMs: minNano / 1e6 }),
    ...(maxNano === undefined ? {} : { maxDurationMs: maxNano / 1e6 }),
    ...(search.attr === undefined ? {} : { attribute: search.attr }),
    ...(search.spans === 'all' ? {} : { rootOnly: true }),
  };
}
