import { invalidRequest } from '../api-error.ts';

const key = 'model';
const written = Buffer.from(`"${key}"`);
/** ASCII written as an escape, as keys may be. */
const escaped = Buffer.from('\\u00');

const quote = 0x22;
const backslash = 0x5c;
const opening = new Set([0x7b, 0x5b]);
const closing = new Set([0x7d, 0x5d]);
const colon = 0x3a;

/** Two searches in native code: nearly every body names its model once and writes no ASCII as an escape. */
function mayRepeat(bytes: Buffer): boolean {
  const first = bytes.indexOf(written);
  return bytes.indexOf(written, first + 1) > first || bytes.includes(escaped);
}

/** The index behind the string that begins here. */
function endOfString(bytes: Uint8Array, start: number): number {
  let index = start + 1;
  while (index < bytes.length && bytes[index] !== quote) index += bytes[index] === backslash ? 2 : 1;
  return index + 1;
}

/** How often the key stands in the outermost object of a JSON text. */
function countKey(bytes: Buffer): number {
  let count = 0;
  let depth = 0;
  let last = '';
  for (let index = 0; index < bytes.length; index += 1) {
    const code = bytes[index] as number;
    if (code === quote) {
      const end = endOfString(bytes, index);
      // A key of this length is at most six bytes for each character.
      if (depth === 1) last = end - index <= 6 * key.length + 2 ? bytes.toString('utf8', index, end) : '';
      index = end - 1;
    } else if (opening.has(code)) depth += 1;
    else if (closing.has(code)) depth -= 1;
    else if (code === colon && depth === 1 && last !== '' && JSON.parse(last) === key) count += 1;
  }
  return count;
}

/**
 * Refuses a body that names its model twice. Parsers take the last of two equal keys or the first: scopes, budgets and
 * prices must not be held against one model while a provider that gets the bytes as they are serves the other.
 *
 * @throws {ApiError} 400.
 */
export function checkModelGivenOnce(bytes: Buffer): void {
  if (!mayRepeat(bytes) || countKey(bytes) < 2) return;
  throw invalidRequest('The body has the key "model" twice. Send it once.', {
    param: key,
    code: 'duplicate_key',
  });
}
