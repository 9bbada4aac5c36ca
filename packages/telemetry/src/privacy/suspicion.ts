/** What a text has in it that a secret could be found by. */
export const suspicion = {
  /** `@`: an e-mail address or the credentials of a URL. */
  at: 1,
  /** `=`: a value with its key before it. */
  equals: 2,
  /** `:`: the same, or the scheme of a URL. */
  colon: 4,
  /** `"`: a key in a list of texts. */
  quote: 64,
  /** `%` or `\`: characters written as their codes. */
  escape: 8,
  /** A long word with capitals: a token, or something in base64. */
  word: 16,
  /** The beginning of a known kind of key, or a word that a credential follows. */
  prefix: 32,
} as const;

/** What stands before the first hyphen or underscore of a known kind of key, or before a credential. */
const prefixes: ReadonlySet<string> = new Set([
  ...['sk', 'rk', 'pk', 'cus', 'whsec', 'gsk', 'hf', 'npm', 'r8', 'pplx', 'xai', 'glpat', 'xapp', 'ibex'],
  ...['gho', 'ghp', 'ghr', 'ghs', 'ghu', 'github', 'GOCSPX'],
  ...Array.from('abcdefghijklmnopqrstuvwxyz', (letter) => `xox${letter}`),
  ...['bearer', 'basic'],
]);
const longestPrefix = 6;
/** By length, which letters a prefix begins and ends with, as bits: most words are told apart without a look-up. */
const firstLetters = new Int32Array(longestPrefix + 1);
const lastLetters = new Int32Array(longestPrefix + 1);
const letterBits = 31;
for (const prefix of prefixes) {
  const { length } = prefix;
  firstLetters[length] = (firstLetters[length] ?? 0) | (1 << (prefix.charCodeAt(0) & letterBits));
  lastLetters[length] = (lastLetters[length] ?? 0) | (1 << (prefix.charCodeAt(length - 1) & letterBits));
}
/** Names of schemes are the only prefixes whose case does not matter: "Basic". */
const shortestScheme = 5;
const minimumWord = 16;
const hyphen = 0x2d;
const slash = 0x2f;

const breaks = 0;
const joins = 1;
const capital = 2;
const joint = 3;
const space = 4;
/** From here on a kind is a suspicion by itself. */
const marks = 8;
const bitOf = new Uint8Array(128);
const kinds = new Uint8Array(128);

function declare(characters: string, kind: number): void {
  for (const character of characters) kinds[character.charCodeAt(0)] = kind;
}

function declareMark(characters: string, bit: number): void {
  declare(characters, marks);
  for (const character of characters) bitOf[character.charCodeAt(0)] = bit;
}

declare('abcdefghijklmnopqrstuvwxyz0123456789', joins);
declare('ABCDEFGHIJKLMNOPQRSTUVWXYZ', capital);
declare('-_+', joint);
declare(' \t\r\n', space);
declareMark('@', suspicion.at);
declareMark('=', suspicion.equals);
declareMark(':', suspicion.colon);
declareMark('%\\', suspicion.escape);
declareMark('"', suspicion.quote);

/** Looks at every character once and says, as a set of bits, which kinds of secrets there could be. 0: none. */
export function suspicionsOf(text: string): number {
  let found = 0;
  let word = 0;
  let part = 0;
  let capitals = false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const kind = code < 128 ? (kinds[code] as number) : breaks;
    if (kind <= capital && kind !== breaks) {
      if (kind === capital) capitals = true;
      word++;
      part++;
    } else {
      if (kind >= joint && part <= longestPrefix && endsPrefix(text, { part, index }))
        found |= suspicion.prefix;
      part = 0;
      if (kind === joint || code === slash) word++;
      else {
        word = 0;
        capitals = false;
        if (kind === marks) found |= bitOf[code] as number;
      }
    }
    if (capitals && word >= minimumWord) found |= suspicion.word;
  }
  return found;
}

/** Whether the part of a word that ends here is how a known kind of key begins. */
function endsPrefix(text: string, { part, index }: { part: number; index: number }): boolean {
  if (part === 0) return text.charCodeAt(index) === hyphen && text.charCodeAt(index - 1) === hyphen;
  const first = 1 << (text.charCodeAt(index - part) & letterBits);
  const last = 1 << (text.charCodeAt(index - 1) & letterBits);
  if (((firstLetters[part] ?? 0) & first) === 0 || ((lastLetters[part] ?? 0) & last) === 0) return false;
  const before = text.slice(index - part, index);
  return prefixes.has(before) || (part >= shortestScheme && prefixes.has(before.toLowerCase()));
}
