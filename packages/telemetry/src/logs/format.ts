export interface LogLine extends Record<string, unknown> {
  readonly time: string;
  readonly level: string;
  readonly msg: string;
  readonly service: string;
}

/** One line of JSON; undefined fields are left out. */
export function formatJson(line: LogLine): string {
  return `${JSON.stringify(line)}\n`;
}

const colours: Readonly<Record<string, string>> = { DEBUG: '90', INFO: '32', WARN: '33', ERROR: '31' };

/** For people: time, level, service, message, then the fields; errors on lines of their own. */
export function formatPretty(line: LogLine): string {
  const { time, level, msg, service, error, ...fields } = line;
  const shown = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(
      ([key, value]) =>
        `\u001b[90m${key}=\u001b[39m${typeof value === 'string' ? value : JSON.stringify(value)}`,
    );
  const head = `\u001b[90m${time.slice(11, 23)}\u001b[39m \u001b[${colours[level] ?? '39'}m${level.padEnd(5)}\u001b[39m`;
  const text = [head, service.padEnd(9), msg, ...shown].join(' ');
  return error === undefined ? `${text}\n` : `${text}\n${indentError(error)}\n`;
}

function indentError(error: unknown): string {
  const stack = (error as { stack?: unknown } | null)?.stack;
  const text = typeof stack === 'string' ? stack : JSON.stringify(error);
  return text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}
