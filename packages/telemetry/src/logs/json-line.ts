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

/** Keys that a line has of its own; a field of the same name does not get a second one. */
const ownKeys: ReadonlySet<string> = new Set(['time', 'level', 'msg', 'service']);

/**
 * Renders entries as lines of JSON, in one pass and without an object in between: what is known of a field's type and
 * key decides how it is written. Levels and the service are rendered once.
 */
export function createJsonRenderer(options: {
  service: string;
  sanitiser: Sanitiser;
}): (entry: LogEntry) => string {
  const { sanitiser } = options;
  const service = `,"service":${JSON.stringify(options.service)}`;

  function value(key: string, content: unknown): string {
    if (sanitiser.isSensitive(key)) return `"${redacted}"`;
    if (typeof content === 'string') return quote(sanitiser.redactText(content));
    if (typeof content === 'boolean' || (typeof content === 'number' && Number.isFinite(content)))
      return String(content);
    return JSON.stringify(sanitiser.sanitise(content)) ?? 'null';
  }

  function id(key: string, content: string | undefined, fields: LogEntry['fields']): string {
    return content === undefined || fields?.[key] !== undefined ? '' : `,"${key}":${quote(content)}`;
  }

  return ({ level, message, request, span, fields }) => {
    let line = `{"time":"${formatTime(Date.now())}","level":"${level}","msg":${quote(sanitiser.redactText(message))}${service}`;
    if (request !== undefined) {
      line +=
        id('request_id', request.requestId, fields) + id('correlation_id', request.correlationId, fields);
      line += id('org_id', request.orgId, fields) + id('user_id', request.userId, fields);
    }
    if (span !== undefined) line += id('trace_id', span.traceId, fields) + id('span_id', span.spanId, fields);
    for (const key in fields) {
      const content = fields[key];
      if (content !== undefined && !ownKeys.has(key)) line += `,${quote(key)}:${value(key, content)}`;
    }
    return `${line}}\n`;
  };
}
