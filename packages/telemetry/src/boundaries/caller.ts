import { redactText } from '../privacy/text.ts';
import { parseTraceContext } from '../traces/propagation.ts';
import type { SpanContext, SpanLink } from '../traces/span.ts';
import type { InboundBoundary } from './boundaries.ts';

/** Where a server span stands: below its caller's span, or at the head of a trace of its own, perhaps with a link. */
export interface Caller {
  readonly parent: SpanContext | null;
  readonly links?: readonly SpanLink[];
}

const nobody: Caller = { parent: null };

/** Reads a caller's trace context by the rule of the listener it came to. */
export function callerOf(boundary: InboundBoundary, traceparent: unknown, tracestate: unknown): Caller {
  if (traceparent === undefined || boundary.traceparent === 'drop') return nobody;
  const context = parseTraceContext(traceparent, boundary.tracestate ? tracestate : undefined);
  if (context === undefined) return nobody;
  return boundary.traceparent === 'accept' ? { parent: context } : { parent: null, links: [{ context }] };
}

/** Names of organisations are short; anything else is not carried into spans and lines. */
const organisation = /^[\w.:-]{1,64}$/;

/** The organisation a trusted caller says it acts for. */
export function acceptOrgId(value: unknown): string | undefined {
  if (typeof value !== 'string' || !organisation.test(value)) return undefined;
  return redactText(value) === value ? value : undefined;
}
