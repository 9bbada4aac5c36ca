import type { Dispatcher } from 'undici';

type Headers = NonNullable<Dispatcher.DispatchOptions['headers']>;
type HeaderValue = string | number | string[] | null | undefined;

/** Lengths of the names we may set, `baggage` to `x-request-id`: no other name needs to be compared. */
const shortestOwnName = 7;
const longestOwnName = 12;

/** What becomes of the headers that are there already. */
export interface OwnHeaders {
  /** Names and values in turn. */
  readonly own: readonly string[];
  /** Names of those that must not be sent. */
  readonly withheld: readonly string[];
}

/**
 * Names and values in turn, as undici sends them: the caller's headers, those of the same name as one of `own`
 * replaced, those withheld left out; names compare without case, values and repetitions stay.
 */
export function withHeaders(headers: Headers | null | undefined, changes: OwnHeaders): string[] {
  const list: string[] = [];
  if (Array.isArray(headers)) {
    for (let index = 0; index + 1 < headers.length; index += 2) {
      if (!isReplaced(headers[index], changes))
        list.push(headers[index] as string, headers[index + 1] as string);
    }
  } else if (headers !== undefined && headers !== null && Symbol.iterator in headers) {
    for (const [name, value] of headers as Iterable<[string, HeaderValue]>)
      addHeader(list, { name, value, changes });
  } else {
    const table = (headers ?? {}) as Readonly<Record<string, HeaderValue>>;
    for (const name of Object.keys(table)) addHeader(list, { name, value: table[name], changes });
  }
  list.push(...changes.own);
  return list;
}

function addHeader(
  list: string[],
  { name, value, changes }: { name: string; value: HeaderValue; changes: OwnHeaders },
): void {
  if (value === undefined || value === null || isReplaced(name, changes)) return;
  if (Array.isArray(value)) for (const each of value) list.push(name, each);
  else list.push(name, String(value));
}

function isReplaced(name: unknown, { own, withheld }: OwnHeaders): boolean {
  const text = String(name);
  if (text.length < shortestOwnName || text.length > longestOwnName) return false;
  const lower = text.toLowerCase();
  // Names stand at even places.
  return own.indexOf(lower) % 2 === 0 || withheld.includes(lower);
}
