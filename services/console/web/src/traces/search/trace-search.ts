import { choiceParam, filterListParam, type RawSearch, textParam } from '../../ui/search-params.ts';

const spanStatuses = ['error', 'ok', 'unset'] as const;

/** The filters of the trace search, as the address holds them. */
export interface TraceSearch {
  service?: string | undefined;
  name?: string | undefined;
  status?: (typeof spanStatuses)[number] | undefined;
  /** Durations as people write them: `250ms`, `1.5s`. */
  min?: string | undefined;
  max?: string | undefined;
  /** `key=value`, each of which must match. */
  attr?: string[] | undefined;
  /** `all` lists every span; otherwise only the root of each trace. */
  spans?: 'all' | undefined;
  /** `show` lists housekeeping too, such as the console's own requests. */
  housekeeping?: 'show' | undefined;
}

/** Reads the trace search from the address. */
export function parseTraceSearch(raw: RawSearch): TraceSearch {
  return {
    service: textParam(raw.service),
    name: textParam(raw.name),
    status: choiceParam(raw.status, spanStatuses),
    min: textParam(raw.min),
    max: textParam(raw.max),
    attr: filterListParam(raw.attr),
    spans: choiceParam(raw.spans, ['all']),
    housekeeping: choiceParam(raw.housekeeping, ['show']),
  };
}

/** Whether any filter narrows the search. */
export function hasTraceFilters(search: TraceSearch): boolean {
  const { service, name, status, min, max, attr } = search;
  return [service, name, status, min, max, attr].some((value) => value !== undefined);
}
