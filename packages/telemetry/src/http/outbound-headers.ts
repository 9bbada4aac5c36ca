import type { Dispatcher } from 'undici';

type Headers = NonNullable<Dispatcher.DispatchOptions['headers']>;
type HeaderValue = string | number | string[] | null | undefined;

/** Lengths of the names we may set, `tracestate` to `x-request-id`: no other name needs to be compared. */
const shortestOwnName = 10;
const longestOwnName = 12;

/**
 * Names and values in turn, as undici sends them: the caller's headers, those of the same name as one of `own`
 * replaced; names compare without case, values and repetitions stay.
 */
export function withHeaders(headers: Headers | null | undefined, own: readonly string[]): string[] {
  const list: string[] = [];
  if (Array.isArray(headers)) {
    for (let index = 0; index + 1 < headers.length; index += 2) {
      if (!isReplaced(headers[index], own)) list.push(headers[index] as string, headers[index + 1] as string);
    }
  } else if (headers !== undefined && headers !== null && Symbol.iterator in headers) {
    for (const [name, value] of headers as Iterable<[string, HeaderValue]>)
      addHeader(list, { name, value, own });
  } else {
    const table = (headers ?? {}) as Readonly<Record<string, HeaderValue>>;
    for (const name of Object.keys(table)) addHeader(list, { name, value: table[name], own });
  }
  list.push(...own);
  return list;
}

function addHeader(
  list: string[],
  { name, value, own }: { name: string; value: HeaderValue; own: readonly string[] },
): void {
  if (value === undefined || value === null || isReplaced(name, own)) return;
  if (Array.isArray(value)) for (const each of value) list.push(name, each);
  else list.push(name, String(value));
}

function isReplaced(name: unknown, own: readonly string[]): boolean {
  const text = String(name);
  if (text.length < shortestOwnName || text.length > longestOwnName) return false;
  // Names stand at even places.
  return own.indexOf(text.toLowerCase()) % 2 === 0;
}
