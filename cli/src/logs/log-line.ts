import { redactText } from '@ibex/telemetry/privacy';
import type { ServiceName } from '../children/services.ts';

export const levels = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'] as const;
export type Level = (typeof levels)[number];

/** A line a service wrote, understood as far as it can be. */
export interface LogLine {
  /** Unix milliseconds: when it was written, or read if it does not say. */
  readonly timeUnixMs: number;
  readonly level: Level;
  /** The service as the line names itself; the one whose process wrote it when it does not. */
  readonly service: string;
  readonly message: string;
  /** 32 and 16 hex digits, or empty. */
  readonly traceId: string;
  readonly spanId: string;
  /** Everything else on the line. */
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface LineOrigin {
  readonly service: ServiceName;
  readonly stream: 'stdout' | 'stderr';
}

/** Reads a JSON log line; any other text is kept as the message, at INFO, or at WARN when it came by stderr. */
export function readLogLine(text: string, origin: LineOrigin): LogLine {
  const value = parseObject(text);
  if (value === undefined || typeof value.msg !== 'string') return textLine(text, origin);
  const { time, level, msg, service, trace_id, span_id, ...fields } = value;
  return {
    timeUnixMs: readTime(time),
    level: readLevel(level) ?? levelOfStream(origin),
    service: typeof service === 'string' && service !== '' ? service.slice(0, 200) : origin.service,
    message: msg as string,
    traceId: readHex(trace_id, 32),
    spanId: readHex(span_id, 16),
    fields,
  };
}

/** Our logger redacts what it writes; other text may be a crash with anything in it. */
function textLine(text: string, origin: LineOrigin): LogLine {
  return {
    timeUnixMs: Date.now(),
    level: levelOfStream(origin),
    service: origin.service,
    message: redactText(text),
    traceId: '',
    spanId: '',
    fields: {},
  };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

function levelOfStream(origin: LineOrigin): Level {
  return origin.stream === 'stderr' ? 'WARN' : 'INFO';
}

function readTime(value: unknown): number {
  const time = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(time) && time >= 0 ? time : Date.now();
}

function readLevel(value: unknown): Level | undefined {
  return levels.find((level) => level === value);
}

function readHex(value: unknown, digits: number): string {
  return typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value) ? value : '';
}
