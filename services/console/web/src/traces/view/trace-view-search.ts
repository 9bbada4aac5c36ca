import { patternParam, type RawSearch, textParam } from '../../ui/search-params.ts';

/** What a link to a trace says besides its id. */
export interface TraceViewSearch {
  /** The selected span. */
  span?: string | undefined;
  /** Text searched for inside the trace. */
  find?: string | undefined;
  /** The visible part of the trace: two shares of its duration, `0.25-0.5`. */
  zoom?: string | undefined;
}

/** Reads the state of the trace page from the address. */
export function parseTraceViewSearch(raw: RawSearch): TraceViewSearch {
  return {
    span: patternParam(raw.span, /^[0-9a-f]{16}$/),
    find: textParam(raw.find),
    zoom: patternParam(raw.zoom, /^[01](\.\d{1,6})?-[01](\.\d{1,6})?$/),
  };
}
