import type { Sanitiser } from '../privacy/sanitiser.ts';
import { type LogEntry, scopeIds } from './json-line.ts';
import { formatTime } from './time.ts';

const colours: Readonly<Record<string, string>> = { DEBUG: '90', INFO: '32', WARN: '33', ERROR: '31' };

/** Control characters, which could move the cursor or write lines of their own. */
const control = /\p{Cc}/gu;

function printable(text: string): string {
  return text.replace(control, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

function show(value: unknown): string {
  return printable(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''));
}

function dim(text: string): string {
  return `\u001b[90m${text}\u001b[39m`;
}

/** Renders entries for people: time, level, service, message, then ids and fields; errors on lines of their own. */
export function createPrettyRenderer(options: {
  service: string;
  sanitiser: Sanitiser;
}): (entry: LogEntry) => string {
  const { sanitiser } = options;
  const service = options.service.padEnd(9);

  return (entry) => {
    const { level, message, fields } = entry;
    const { error, ...rest } = sanitiser.sanitise(fields ?? {}) as Record<string, unknown>;
    const { request_id, trace_id } = scopeIds(entry);
    const shown = { ...rest, request_id: request_id ?? rest.request_id, trace_id: trace_id ?? rest.trace_id };
    const details = Object.entries(shown)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${dim(`${printable(key)}=`)}${show(value)}`);
    const time = dim(formatTime(Date.now()).slice(11, 23));
    const head = `${time} \u001b[${colours[level] ?? '39'}m${level.padEnd(5)}\u001b[39m ${service}`;
    const text = [head, printable(sanitiser.redactText(message)), ...details].join(' ');
    return error === undefined ? `${text}\n` : `${text}\n${indentError(error)}\n`;
  };
}

function indentError(error: unknown): string {
  const stack = (error as { stack?: unknown } | null)?.stack;
  const text = typeof stack === 'string' ? stack : show(error);
  return text
    .split('\n')
    .map((line) => `    ${printable(line)}`)
    .join('\n');
}
