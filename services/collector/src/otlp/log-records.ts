import type { Attributes, AttributeValue, LogLevel } from '../model.ts';
import { AttributeCollector, attributeText } from './attributes.ts';
import type { DecodeContext } from './decode-context.ts';
import { isSpanId, isTraceId } from './ids.ts';
import { OTLP_LIMITS } from './limits.ts';
import type { Destination, Origin } from './origin.ts';
import { LAST_UNIX_NANO } from './spans.ts';

/** A log record as it was on the wire, before it is judged. */
export interface LogDraft {
  timeUnixNano: bigint;
  observedTimeUnixNano: bigint;
  severityNumber: number;
  severityText: string;
  body: AttributeValue;
  eventName: string;
  traceId: string;
  spanId: string;
  attributes: AttributeCollector;
}

export function newLogDraft(context: DecodeContext): LogDraft {
  return {
    timeUnixNano: 0n,
    observedTimeUnixNano: 0n,
    severityNumber: 0,
    severityText: '',
    body: null,
    eventName: '',
    traceId: '',
    spanId: '',
    attributes: new AttributeCollector(context),
  };
}

/** Judges a log record and puts it into the batch, or notes why it was rejected. */
export function acceptLog(draft: LogDraft, { origin, context }: Destination): void {
  const time = firstNonZero(draft.timeUnixNano, draft.observedTimeUnixNano) ?? context.receivedUnixNano;
  if (time < 0n || time > LAST_UNIX_NANO) {
    context.reject('invalid_time', `a log record's time ${time} must be nanoseconds since 1970, before 2262`);
    return;
  }
  if (!context.admitRecord()) return;
  const attributes = attributesOf(draft, origin);
  const requestId = attributes.request_id;
  context.batch.logs.push({
    timeUnixNano: time,
    level: levelOf(draft.severityNumber, draft.severityText),
    serviceName: origin.serviceName,
    message: messageOf(draft.body, context),
    ...traceContextOf(draft, context),
    requestId: typeof requestId === 'string' ? requestId : '',
    attributes,
    resource: origin.resource,
  });
}

function firstNonZero(...values: bigint[]): bigint | undefined {
  return values.find((value) => value !== 0n);
}

/** SeverityNumber 1–4 is TRACE, 5–8 DEBUG and so on; 0 means only the text says it. */
const LEVELS: readonly LogLevel[] = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const LEVELS_BY_PREFIX: readonly (readonly [string, LogLevel])[] = [
  ['trac', 'TRACE'],
  ['verb', 'TRACE'],
  ['debu', 'DEBUG'],
  ['info', 'INFO'],
  ['noti', 'INFO'],
  ['warn', 'WARN'],
  ['err', 'ERROR'],
  ['fata', 'FATAL'],
  ['crit', 'FATAL'],
  ['emer', 'FATAL'],
  ['aler', 'FATAL'],
  ['pani', 'FATAL'],
];

/** The level a severity stands for; INFO when the sender said nothing that can be read. */
export function levelOf(severityNumber: number, severityText: string): LogLevel {
  const level = severityNumber >= 1 ? LEVELS[Math.floor((severityNumber - 1) / 4)] : undefined;
  if (level !== undefined) return level;
  const text = severityText.trim().toLowerCase();
  return LEVELS_BY_PREFIX.find(([prefix]) => text.startsWith(prefix))?.[1] ?? 'INFO';
}

function messageOf(body: AttributeValue, context: DecodeContext): string {
  const text = body === null ? '' : attributeText(body);
  return context.boundText(text, OTLP_LIMITS.messageLength, 'message_length');
}

/** A line with a broken trace context is still a line: the context goes, the line stays. */
function traceContextOf(draft: LogDraft, context: DecodeContext): { traceId: string; spanId: string } {
  const traceId = isTraceId(draft.traceId) ? draft.traceId : '';
  const spanId = traceId !== '' && isSpanId(draft.spanId) ? draft.spanId : '';
  if (isBroken(draft.traceId, traceId) || isBroken(draft.spanId, spanId))
    context.truncate('log_trace_context');
  return { traceId, spanId };
}

function isBroken(sent: string, kept: string): boolean {
  return kept === '' && !/^0*$/.test(sent);
}

function attributesOf(draft: LogDraft, origin: Origin): Attributes {
  const attributes = Object.assign(draft.attributes.finish(), origin.scopeAttributes);
  if (draft.eventName !== '') attributes['event.name'] = draft.eventName;
  if (origin.scopeName !== '') attributes['otel.scope.name'] = origin.scopeName;
  return attributes;
}
