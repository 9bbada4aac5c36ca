import type { KeyJudge } from './keys.ts';
import { redacted } from './redacted.ts';
import { endOfQuoted, endOfStructure, quotes } from './text-ends.ts';

const maximumKeyLength = 64;
const maximumGap = 4;
const maximumEscapes = 15;

/** What follows a key in plain English: "token: expected …", "password: null". */
const plainWords: ReadonlySet<string> = new Set(
  (
    'a an and any are as at be by can cannot could did does empty expected expired false for from had has have in ' +
    'incorrect invalid is it its long malformed may missing must no none not null of on one optional or provided ' +
    'required revoked short should string the this to too true undefined unknown valid was were with wrong'
  ).split(' '),
);

/** Keys whose values have several words: they end with the line. */
const wholeLine = /(?:cookies?|authorization|credentials?)$/i;
const endOfLine = /[\r\n"'`\\]/g;
const endOfAssigned = /[&\s"'`#,;\\]/g;
const endOfNamed = /[\s"'`,;}\])\\]/g;
const escapeLetters = 'bfnrt';
const equalsSign = 0x3d;
const colon = 0x3a;
const comma = 0x2c;
const slash = 0x2f;
/** What the patterns leave of a header: its scheme, and the mark. */
const schemeAndMark = /^[\w-]{1,20} \[REDACTED\]/;

interface Label {
  readonly key: string;
  /** The quotation mark around it with the backslashes before that; empty when there is none. */
  readonly quote: string;
  /** Where its `=` or `:` stands. */
  readonly separator: number;
}

interface Range {
  readonly start: number;
  readonly end: number;
  /** What is put around the mark, so that JSON stays JSON. */
  readonly quote: string;
}

/**
 * Replaces values that stand in a text after a sensitive key: `key=value`, `key: value`, `"key":"value"` at any depth of
 * escaping, lists and objects included, `"key","value"`, and `"name":"key","value":…`. Every character is looked at a bounded number of times.
 */
export function redactLabelled(text: string, isSensitive: KeyJudge): string {
  let result = '';
  let copied = 0;
  for (let index = 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code !== equalsSign && code !== colon && code !== comma) continue;
    // In a list, only what is quoted is a key.
    if (code === comma && !quotes.includes(text.charAt(index - 1))) continue;
    // An address: its scheme is no key.
    if (code === colon && text.charCodeAt(index + 1) === slash && text.charCodeAt(index + 2) === slash)
      continue;
    const label = labelBefore(text, index);
    if (label.key === '' || !isSensitive(label.key)) continue;
    const value = valueAfter(text, label);
    if (value === undefined || value.end <= value.start) continue;
    result += text.slice(copied, value.start) + value.quote + redacted + value.quote;
    copied = value.end;
    index = value.end - 1;
  }
  return copied === 0 ? text : result + text.slice(copied);
}

/** The key that ends before a separator: `key`, `"key"`, `\"key\"`, `key[0]`, `headers['key']`. */
function labelBefore(text: string, separator: number): Label {
  let end = separator;
  while (end > 0 && separator - end < maximumGap && text[end - 1] === ' ') end--;
  if (text[end - 1] === ']' && quotes.includes(text[end - 2] ?? ' ')) end--;
  const closing = end;
  if (end > 0 && quotes.includes(text.charAt(end - 1))) {
    end--;
    while (end > 0 && closing - end <= maximumEscapes && text[end - 1] === '\\') end--;
  }
  let start = end;
  while (start > 0 && end - start < maximumKeyLength && isKeyCode(text.charCodeAt(start - 1))) start--;
  // What was a line break before it was escaped is no part of the key.
  if (text[start - 1] === '\\' && escapeLetters.includes(text.charAt(start))) start++;
  return { key: text.slice(start, end), quote: text.slice(end, closing), separator };
}

/** Letters, digits, what joins them in a key (`_`, `-`, `.`, `$`, `[`, `]`), and whatever is not ASCII. */
function isKeyCode(code: number): boolean {
  const letter = code | 0x20;
  if (letter >= 0x61 && letter <= 0x7a) return true;
  if (code >= 0x30 && code <= 0x39) return true;
  return (
    code > 0x7f ||
    code === 0x5f ||
    (code >= 0x2d && code <= 0x2e) ||
    code === 0x24 ||
    code === 0x5b ||
    code === 0x5d
  );
}

/** Where the value begins, past `=>`, `:=` and spaces; undefined when there is none on this line. */
function beginningOf(text: string, separator: number): number | undefined {
  const separatedBy = text[separator];
  if (separatedBy === ',') return beginningInList(text, separator + 1);
  const named = separatedBy === ':';
  let index = separator + 1;
  while (index - separator <= 2 && /[=>:]/.test(text.charAt(index))) index++;
  const spaced = named || text[separator - 1] === ' ';
  const gapEnd = index + maximumGap;
  while (spaced && index < gapEnd && /[ \t]/.test(text.charAt(index))) index++;
  return index < text.length && !text.startsWith(redacted, index) ? index : undefined;
}

const nameOfValue = /\s{0,4}\\{0,15}["'`]?(?:value|val|content)\\{0,15}["'`]?\s{0,4}:\s{0,4}/y;
const quotedNext = /\s{0,4}(?=\\{0,15}["'`])/y;

/** The next text of a list, or the value of an object whose name was before. */
function beginningInList(text: string, from: number): number | undefined {
  for (const expression of [nameOfValue, quotedNext]) {
    expression.lastIndex = from;
    if (expression.test(text))
      return text.startsWith(redacted, expression.lastIndex) ? undefined : expression.lastIndex;
  }
  return undefined;
}

function valueAfter(text: string, label: Label): Range | undefined {
  const start = beginningOf(text, label.separator);
  if (start === undefined) return undefined;
  let index = start;
  while (text[index] === '\\' && index - start < maximumEscapes) index++;
  const first = text.charAt(index);
  if (first !== '' && quotes.includes(first)) {
    const end = endOfQuoted(text, { from: index + 1, quote: first, escapes: index - start });
    return { start: index + 1, end: end.content, quote: '' };
  }
  const { quote } = label;
  if (first === '{' || first === '[') return { start, end: endOfStructure(text, start), quote };
  return bareValue(text, { ...label, start });
}

function bareValue(
  text: string,
  { key, quote, separator, start }: Label & { start: number },
): Range | undefined {
  if (wholeLine.test(key) && quote === '' && text[separator] === ':') {
    if (schemeAndMark.test(text.slice(start, start + 40))) return undefined;
    return { start, end: nextOf(text, { expression: endOfLine, from: start }), quote };
  }
  const expression = text[separator] === ':' ? endOfNamed : endOfAssigned;
  const end = nextOf(text, { expression, from: start });
  const isPlain = end - start < 12 && plainWords.has(text.slice(start, end).toLowerCase());
  return isPlain ? undefined : { start, end, quote };
}

function nextOf(text: string, { expression, from }: { expression: RegExp; from: number }): number {
  expression.lastIndex = from;
  return expression.exec(text)?.index ?? text.length;
}
