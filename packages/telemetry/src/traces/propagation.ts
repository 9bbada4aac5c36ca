import { redactText } from '../privacy/text.ts';
import type { SpanContext } from './span.ts';

/** A comma means that repeated headers were joined. */
const traceparentPattern = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-[^,]*)?$/;
const sampledFlag = 0x01;
const randomTraceIdFlag = 0x02;
const maximumTraceparentLength = 512;
const surroundingSpace = /^[ \t]+|[ \t]+$/g;

/** More than anybody has to read; Node itself takes 16 KiB of headers. */
const maximumReadTraceState = 8_192;
const maximumTraceStateLength = 512;
const maximumTraceStateMembers = 32;
/** What goes first when a tracestate is too long. */
const longMember = 128;
/** Keys by the grammar of level 2, which holds every key of level 1, `tenant@system` among them. */
const traceStateMember =
  /^[a-z0-9][a-z0-9_\-*/@]{0,255}=[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]$/;

/**
 * Reads `traceparent` and `tracestate` (W3C Trace Context, level 2). A malformed or repeated traceparent gives
 * undefined, and tracestate is then ignored; a malformed tracestate, or one that holds a secret, is dropped whole.
 */
export function parseTraceContext(traceparent: unknown, tracestate?: unknown): SpanContext | undefined {
  if (typeof traceparent !== 'string' || traceparent.length > maximumTraceparentLength) return undefined;
  const match = traceparentPattern.exec(traceparent.replace(surroundingSpace, ''));
  if (match === null) return undefined;
  const [, version = '', traceId = '', spanId = '', flags = '', rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return undefined;
  if (/^0+$/.test(traceId) || /^0+$/.test(spanId)) return undefined;
  const bits = Number.parseInt(flags, 16);
  return {
    traceId,
    spanId,
    sampled: (bits & sampledFlag) !== 0,
    traceState: parseTraceState(tracestate),
    // A later version may mean something else by this bit.
    randomTraceId: version === '00' && (bits & randomTraceIdFlag) !== 0,
  };
}

/** Of a key that is there twice, the first is kept: it is the latest. */
function parseTraceState(tracestate: unknown): string {
  const text = Array.isArray(tracestate) ? tracestate.join(',') : tracestate;
  if (typeof text !== 'string' || text === '' || text.length > maximumReadTraceState) return '';
  const members = new Map<string, string>();
  for (const part of text.split(',')) {
    const member = part.replace(surroundingSpace, '');
    if (member === '') continue;
    if (!traceStateMember.test(member)) return '';
    const key = member.slice(0, member.indexOf('='));
    if (!members.has(key)) members.set(key, member);
  }
  const whole = members.size > maximumTraceStateMembers ? '' : shorten([...members.values()]);
  return redactText(whole) === whole ? whole : '';
}

/** At most 512 characters: long members go first, then the last ones. */
function shorten(members: readonly string[]): string {
  const whole = members.join(',');
  if (whole.length <= maximumTraceStateLength) return whole;
  const kept = [...members];
  const lengthOf = () => kept.reduce((length, member) => length + member.length + 1, -1);
  for (let index = kept.length - 1; index >= 0 && lengthOf() > maximumTraceStateLength; index--) {
    if ((kept[index]?.length ?? 0) > longMember) kept.splice(index, 1);
  }
  while (kept.length > 0 && lengthOf() > maximumTraceStateLength) kept.pop();
  return kept.join(',');
}

/** The `traceparent` that makes the receiver's span a child of this one. */
export function formatTraceparent({ traceId, spanId, sampled, randomTraceId }: SpanContext): string {
  const flags = (sampled ? sampledFlag : 0) | (randomTraceId === true ? randomTraceIdFlag : 0);
  return `00-${traceId}-${spanId}-0${flags}`;
}
