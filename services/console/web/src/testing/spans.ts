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
