import type { FinishedSpan } from '../traces/span.ts';

/** A finished span with what a test cares about, and something plausible for the rest. */
export function sampleSpan(own: Partial<FinishedSpan> = {}): FinishedSpan {
  return {
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    parentSpanId: '',
    traceState: '',
    sampled: true,
    name: 'GET /v1/models',
    kind: 'server',
    startUnixMs: 1_772_519_804_123.25,
    endUnixMs: 1_772_519_804_125.5,
    status: 'unset',
    statusMessage: '',
    attributes: {},
    events: [],
    links: [],
    droppedAttributes: 0,
    droppedEvents: 0,
    ...own,
  };
}
