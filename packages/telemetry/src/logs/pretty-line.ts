import type { Sanitiser } from '../privacy/sanitiser.ts';
import type { LogEntry } from './json-line.ts';
import { formatTime } from './time.ts';

const colours: Readonly<Record<string, string>> = { DEBUG: '90', INFO: '32', WARN: '33', ERROR: '31' };

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

  return ({ level, message, request, span, fields }) => {
    const { error, ...rest } = (sanitiser.sanitise(fields ?? {}) ?? {}) as Record<string, unknown>;
    const shown = { request_id: request?.requestId, trace_id: span?.traceId, ...rest };
    const details = Object.entries(shown)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => `${dim(`${key}=`)}${typeof value === 'string' ? value : JSON.stringify(value)}`);
    const time = dim(formatTime(Date.now()).slice(11, 23));
    const head = `${time} \u001b[${colours[level] ?? '39'}m${level.padEnd(5)}\u001b[39m ${service}`;
    const text = [head, sanitiser.redactText(message), ...details].join(' ');
    return error === undefined ? `${text}\n` : `${text}\n${indentError(error)}\n`;
  };
}

function indentError(error: unknown): string {
  const stack = (error as { stack?: unknown } | null)?.stack;
  const text = typeof stack === 'string' ? stack : JSON.stringify(error);
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
