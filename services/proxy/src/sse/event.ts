const lineEnd = /\r\n|\n|\r/;
const byteOrderMark = '\uFEFF';

/** What one server-sent event says. */
export interface ServerSentEvent {
  /** The `event` field; empty when there is none. */
  readonly name: string;
  /** The `data` fields joined by line feeds; undefined for comments and blank lines. */
  readonly data: string | undefined;
}

function fieldValue(line: string, field: string): string | undefined {
  if (!line.startsWith(field)) return undefined;
  if (line.length === field.length) return '';
  if (line[field.length] !== ':') return undefined;
  const value = line.slice(field.length + 1);
  return value.startsWith(' ') ? value.slice(1) : value;
}

/** Reads one event as cut by `EventSplitter` (WHATWG HTML, server-sent events). */
export function readEvent(bytes: Uint8Array): ServerSentEvent {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  // Nearly every event is one line of data.
  if (text.startsWith('data: ') && text.indexOf('\n') === text.length - 2 && !text.includes('\r')) {
    return { name: '', data: text.slice('data: '.length, -2) };
  }
  const lines = (text.startsWith(byteOrderMark) ? text.slice(1) : text).split(lineEnd);
  let name = '';
  let data: string | undefined;
  for (const line of lines) {
    name = fieldValue(line, 'event') ?? name;
    const value = fieldValue(line, 'data');
    if (value !== undefined) data = data === undefined ? value : `${data}\n${value}`;
  }
  return { name, data };
}

/** One `data:` event of a JSON value. */
export function dataEvent(value: unknown): Uint8Array {
  return Buffer.from(`data: ${JSON.stringify(value)}\n\n`);
}

/** One event of a JSON value under a name, as the Messages and Responses APIs write them. */
export function namedEvent(name: string, value: unknown): Uint8Array {
  return Buffer.from(`event: ${name}\ndata: ${JSON.stringify(value)}\n\n`);
}

/** The event that ends a stream of chat completion chunks. */
export const doneEvent: Uint8Array = Buffer.from('data: [DONE]\n\n');
