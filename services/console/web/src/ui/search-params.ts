/** How a view's state looks in the address bar: plain text, repeated keys for lists, no JSON. */
export type RawSearch = Record<string, unknown>;

const textLimit = 1000;
const listLimit = 10;

/** Parses `?a=1&b=x&b=y` into `{ a: '1', b: ['x', 'y'] }`; ids made of digits stay text. */
export function parseSearch(searchText: string): Record<string, string | string[]> {
  const result: Record<string, string | string[]> = {};
  for (const [key, value] of new URLSearchParams(searchText)) {
    const present = result[key];
    if (present === undefined) result[key] = value;
    else result[key] = Array.isArray(present) ? [...present, value] : [present, value];
  }
  return result;
}

/** The reverse of `parseSearch`; what is undefined or empty is left out. */
export function stringifySearch(search: RawSearch): string {
  const parameters = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) {
    for (const item of Array.isArray(value) ? value : [value]) {
      if (item !== undefined && item !== null && item !== '') parameters.append(key, String(item));
    }
  }
  const text = readable(parameters.toString());
  return text === '' ? '' : `?${text}`;
}

/** Keeps characters that are legal in a query but that URLSearchParams escapes, so that links can be read. */
function readable(encoded: string): string {
  return encoded.replaceAll('%2F', '/').replaceAll('%3A', ':').replaceAll('%2C', ',');
}

/** One text value, trimmed to a sane length; the first of several. */
export function textParam(raw: unknown): string | undefined {
  const first = Array.isArray(raw) ? raw[0] : raw;
  if (typeof first !== 'string' && typeof first !== 'number') return undefined;
  const text = String(first).slice(0, textLimit);
  return text === '' ? undefined : text;
}

/** A text value that must match; anything else is as if it were absent. */
export function patternParam(raw: unknown, pattern: RegExp): string | undefined {
  const text = textParam(raw);
  return text !== undefined && pattern.test(text) ? text : undefined;
}

/** One of a closed set of values. */
export function choiceParam<T extends string>(raw: unknown, choices: readonly T[]): T | undefined {
  const text = textParam(raw);
  return choices.find((choice) => choice === text);
}

/** A list of `key=value` filters; malformed entries are dropped. */
export function filterListParam(raw: unknown): string[] | undefined {
  const items = Array.isArray(raw) ? raw : [raw];
  const filters = items
    .filter((item): item is string => typeof item === 'string' && /^[^=]+=.*$/s.test(item))
    .map((item) => item.slice(0, textLimit))
    .slice(0, listLimit);
  return filters.length === 0 ? undefined : filters;
}
