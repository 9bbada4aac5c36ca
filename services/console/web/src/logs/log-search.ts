import { choiceParam, patternParam, type RawSearch, textParam } from '../ui/search-params.ts';

export const logLevels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;

export type LogLevel = (typeof logLevels)[number];

/** The filters of the log search, as the address holds them. */
export interface LogSearch {
  text?: string | undefined;
  /** The lowest level shown. */
  level?: LogLevel | undefined;
  service?: string | undefined;
  requestId?: string | undefined;
  traceId?: string | undefined;
  spanId?: string | undefined;
  /** The line that is open. */
  log?: string | undefined;
}

/** Reads the log search from the address. */
export function parseLogSearch(raw: RawSearch): LogSearch {
  return {
    text: textParam(raw.text),
    level: choiceParam(raw.level, logLevels),
    service: textParam(raw.service),
    requestId: patternParam(raw.requestId, /^.{1,64}$/),
    traceId: patternParam(raw.traceId, /^[0-9a-f]{32}$/),
    spanId: patternParam(raw.spanId, /^[0-9a-f]{16}$/),
    log: textParam(raw.log),
  };
}

/** Whether any filter narrows the search. */
export function hasLogFilters(search: LogSearch): boolean {
  const { text, level, service, requestId, traceId, spanId } = search;
  return [text, level, service, requestId, traceId, spanId].some((value) => value !== undefined);
}
