import type { Style } from '../terminal/style.ts';
import type { LogLine } from './log-line.ts';

/** Characters of one line on the terminal; the whole line is in the console. */
const longestTerminalLine = 2_000;
const serviceColumns = 10;

/** Ids that only the console can use, and what the line's start says already. */
const hiddenFields = new Set(['request_id', 'correlation_id', 'span_id', 'version']);

/** What a line that ends a request has. */
interface RequestFields {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly duration_ms: number;
}

/** A line as people read it: time, level, service, message, fields. Holds no control characters but our colours. */
export function prettyLine(line: LogLine, style: Style): string {
  const head = `${style.dim(localTime(line.timeUnixMs))} ${level(line, style)} ${service(line.service, style)}`;
  const { fields } = line;
  return isRequest(fields)
    ? `${head} ${requestText(fields, line, style)}`
    : `${head} ${bounded(line.message)}${fieldsText(fields, style)}`;
}

function localTime(unixMs: number): string {
  const time = new Date(unixMs);
  const two = (value: number) => String(value).padStart(2, '0');
  const milliseconds = String(time.getMilliseconds()).padStart(3, '0');
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${milliseconds}`;
}

function level(line: LogLine, style: Style): string {
  const text = line.level.padEnd(5);
  if (line.level === 'ERROR' || line.level === 'FATAL') return style.red(text);
  if (line.level === 'WARN') return style.yellow(text);
  return line.level === 'INFO' ? text : style.dim(text);
}

function service(name: string, style: Style): string {
  const colours: Readonly<Record<string, (text: string) => string>> = {
    proxy: style.cyan,
    auth: style.magenta,
    collector: style.blue,
    console: style.green,
  };
  return (colours[name] ?? style.bold)(bounded(name).padEnd(serviceColumns));
}

function isRequest(
  fields: Readonly<Record<string, unknown>>,
): fields is Readonly<Record<string, unknown>> & RequestFields {
  return (
    typeof fields.method === 'string' &&
    typeof fields.route === 'string' &&
    typeof fields.status === 'number' &&
    typeof fields.duration_ms === 'number'
  );
}

/** `200 POST /v1/chat/completions 12.3 ms model=echo … trace=…`: what one looks for, in the same place on each line. */
function requestText(
  fields: Readonly<Record<string, unknown>> & RequestFields,
  line: LogLine,
  style: Style,
): string {
  const { method, route, status, duration_ms: durationMs, ...others } = fields;
  const trace = line.traceId === '' ? {} : { trace: line.traceId };
  return `${statusText(status, style)} ${bounded(`${method} ${route}`)} ${durationText(durationMs)}${fieldsText({ ...others, ...trace }, style)}`;
}

function statusText(status: number, style: Style): string {
  const text = String(status);
  if (status >= 500) return style.red(text);
  return status >= 400 ? style.yellow(text) : style.green(text);
}

function durationText(milliseconds: number): string {
  return milliseconds < 1_000 ? `${milliseconds.toFixed(1)} ms` : `${(milliseconds / 1_000).toFixed(2)} s`;
}

function fieldsText(fields: Readonly<Record<string, unknown>>, style: Style): string {
  const shown = Object.entries(fields).filter(([key]) => !hiddenFields.has(key));
  if (shown.length === 0) return '';
  return ` ${style.dim(bounded(shown.map(([key, value]) => `${key}=${valueText(value)}`).join(' ')))}`;
}

function valueText(value: unknown): string {
  if (typeof value === 'string') return value === '' || /\s/.test(value) ? JSON.stringify(value) : value;
  if (typeof value !== 'object' || value === null) return String(value);
  const { name, message } = value as Record<string, unknown>;
  if (typeof message === 'string')
    return JSON.stringify(`${name === undefined ? '' : `${String(name)}: `}${message}`);
  return jsonText(value);
}

function jsonText(value: object): string {
  try {
    return JSON.stringify(value);
  } catch {
    return '[nested too deep]';
  }
}

/** What others wrote must not steer the terminal: control characters become a space each. */
function bounded(text: string): string {
  const cut = text.length > longestTerminalLine ? `${text.slice(0, longestTerminalLine)} …` : text;
  return cut.replace(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, ' ');
}
