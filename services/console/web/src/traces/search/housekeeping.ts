import type { SpanSummary } from './span-search-query.ts';
import type { TraceSearch } from './trace-search.ts';

/** The service whose pages and polls would bury everybody else's traces. */
const consoleName = 'console';

/** Calls of our services to one another, such as `ibex.usage.v1.UsageService/RecordUsage`. */
const ownCall = /^ibex\.[\w.]+\/\w+$/;

/** Whether housekeeping is left out: unless the search asks for it, for a service, or for all spans. */
export function hidesHousekeeping(search: TraceSearch): boolean {
  return search.housekeeping === undefined && search.service === undefined && search.spans === undefined;
}

/**
 * Whether a trace is nobody's request: the console reading telemetry, what services tell one another on their own, or a
 * lone outgoing call such as a check of the database. What failed is never housekeeping.
 */
export function isHousekeeping(span: SpanSummary): boolean {
  if (span.status === 'error' || span.traceErrorCount > 0) return false;
  const loneCall = span.kind === 'client' && span.traceSpanCount === 1;
  const unasked = span.parentSpanId === null && ownCall.test(span.name);
  return loneCall || unasked || span.serviceName.replace(/^ibex-/, '') === consoleName;
}
