import type { RequestRecord } from '../context/scope.ts';
import type { Sanitiser } from '../privacy/sanitiser.ts';
import { redacted } from '../privacy/text.ts';
import type { Span } from '../traces/span.ts';
import type { LogLevel } from './levels.ts';
import { formatTime } from './time.ts';

/** Everything a line is made of. */
export interface LogEntry {
  readonly level: LogLevel;
  readonly message: string;
  readonly request: RequestRecord | undefined;
  readonly span: Span | undefined;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** Up to here a loop over character codes beats `JSON.stringify`. */
const shortText = 48;
const firstPrintable = 0x20;
const quotationMark = 0x22;
const backslash = 0x5c;
const lastAscii = 0x7e;
/** The text as a JSON string. */
function quote(text: string): string {
  if (text.length > shortText) return JSON.stringify(text);
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < firstPrintable || code > lastAscii || code === quotationMark || code === backslash) {
      return JSON.stringify(text);
    }
  }
  return `"${text}"`;
}

/** Keys that every line has of its own; a field of the same name is not written. */
const ownKeys: ReadonlySet<string> = new Set(['time', 'level', 'msg', 'service']);

/** The ids of the scope a line is written in. Where the scope has one, a field of the same name cannot replace it. */
export function scopeIds({ request, span }: LogEntry): Readonly<Record<string, string | undefined>> {
  return {
    request_id: request?.requestId,
    correlation_id: request?.correlationId,
    org_id: request?.orgId,
    user_id: request?.userId,
    trace_id: span?.traceId,
    span_id: span?.spanId,
  };
}

const maximumHeads = 500;
const noIds: Readonly<Record<string, string | undefined>> = {};

/**
 * Renders entries as lines of JSON, in one pass and without an object in between: what is known of a field's type and
 * key decides how it is written. Levels and the service are rendered once.
 */
export function createJsonRenderer(options: {
  service: string;
  sanitiser: Sanitiser;
}): (entry: LogEntry) => string {
  const { sanitiser } = options;
  const heads = new Map<string, string>();
  const service = `,"service":${JSON.stringify(options.service)}`;

  function value(key: string, content: unknown): string {
    if (sanitiser.isSensitive(key)) return `"${redacted}"`;
    if (typeof content === 'string') return quote(sanitiser.redactText(content));
    if (typeof content === 'boolean' || (typeof content === 'number' && Number.isFinite(content)))
      return String(content);
    return JSON.stringify(sanitiser.sanitise(content)) ?? 'null';
  }

  /** What stands before the value of a field, remembered for a bounded number of keys. */
  function renderHead(key: string): string {
    const head = `,${quote(sanitiser.judgeKey(key).shown)}:`;
    if (heads.size < maximumHeads) heads.set(key, head);
    return head;
  }

  function renderIds(ids: Readonly<Record<string, string | undefined>>): string {
    let text = '';
    for (const key in ids) {
      const id = ids[key];
      if (id !== undefined) text += `,"${key}":${quote(id)}`;
    }
    return text;
  }

  return (entry) => {
    const { level, message, request, span, fields } = entry;
    const ids = request === undefined && span === undefined ? noIds : scopeIds(entry);
    let line = `{"time":"${formatTime(Date.now())}","level":"${level}","msg":${quote(sanitiser.redactText(message))}${service}`;
    line += renderIds(ids);
    for (const key in fields) {
      const content = fields[key];
      if (content === undefined || ownKeys.has(key) || ids[key] !== undefined) continue;
      line += `${heads.get(key) ?? renderHead(key)}${value(key, content)}`;
    }
    return `${line}}\n`;
  };
}
