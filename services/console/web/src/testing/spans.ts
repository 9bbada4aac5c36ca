import type { SpanSummary } from '../traces/search/span-search-query.ts';
import type { Span } from '../traces/view/waterfall-layout.ts';

/** A span for tests: starts and durations in milliseconds, ids padded to their width. */
export function testSpan(
  id: string,
  parent: string | null,
  facts: Partial<Span> & { startMs?: number; durationMs?: number } = {},
): Span {
  const { startMs = 0, durationMs = 10, ...rest } = facts;
  return {
    traceId: 'a'.repeat(32),
    spanId: id,
    parentSpanId: parent,
    name: `span ${id}`,
    kind: 'internal',
    serviceName: 'proxy',
    scopeName: 'test',
    startTimeUnixNano: String(1_772_539_445_000_000_000n + BigInt(Math.round(startMs * 1e6))),
    durationNano: durationMs * 1e6,
    status: 'unset',
    statusMessage: '',
    attributes: {},
    resource: {},
    events: [],
    links: [],
    ...rest,
  };
}

/** A search result for tests: a request of the proxy unless the facts say otherwise. */
export function spanSummary(facts: Partial<SpanSummary> = {}): SpanSummary {
  return {
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    parentSpanId: null,
    name: 'POST /v1/chat/completions',
    kind: 'server',
    serviceName: 'proxy',
    startTimeUnixNano: '1772539445000000000',
    durationNano: 1e6,
    status: 'unset',
    statusMessage: '',
    httpStatusCode: 200,
    requestId: null,
    traceSpanCount: 1,
    traceErrorCount: 0,
    traceServices: ['proxy'],
    ...facts,
  };
}
