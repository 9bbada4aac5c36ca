import { redactText } from '../privacy/text.ts';
import type { SpanContext } from './span.ts';

/** A comma means that repeated headers were joined. */
const traceparentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[^,]*)?$/;
const sampledFlag = 0x01;
const maximumTraceparentLength = 512;
const maximumTraceStateLength = 512;
const maximumTraceStateMembers = 32;
const traceStateMember =
  /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * Reads `traceparent` and `tracestate` (W3C Trace Context, level 2). A malformed or repeated traceparent gives
 * undefined, and tracestate is then ignored; a malformed tracestate, or one that holds a secret, is dropped whole.
 */
export function parseTraceContext(traceparent: unknown, tracestate?: unknown): SpanContext | undefined {
  if (typeof traceparent !== 'string' || traceparent.length > maximumTraceparentLength) return undefined;
  const match = traceparentPattern.exec(traceparent);
  if (match === null) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const sampled = (Number.parseInt(flags, 16) & sampledFlag) !== 0;
  return { traceId, spanId, sampled, traceState: parseTraceState(tracestate) };
}

function parseTraceState(tracestate: unknown): string {
  const text = Array.isArray(tracestate) ? tracestate.join(',') : tracestate;
  if (typeof text !== 'string' || text.length > maximumTraceStateLength) return '';
  const members = text
    .split(',')
    .map((member) => member.trim())
    .filter((member) => member !== '');
  const keys = new Set(members.map((member) => member.slice(0, member.indexOf('='))));
  const valid =
    members.length <= maximumTraceStateMembers &&
    keys.size === members.length &&
    members.every((member) => traceStateMember.test(member)) &&
    redactText(text) === text;
  return valid ? members.join(',') : '';
}

/** The `traceparent` that makes the receiver's span a child of this one. */
export function formatTraceparent(context: SpanContext): string {
  return `00-${context.traceId}-${context.spanId}-${context.sampled ? '01' : '00'}`;
}
