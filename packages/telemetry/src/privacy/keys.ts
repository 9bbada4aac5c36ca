const maximumKeyLength = 256;
const maximumRemembered = 2_000;
/** A sensitive word this long is recognised at the end of a longer one, too: `userpassword`. */
const minimumEnding = 6;

/** Splits a key into lower-case words: at separators, dots, indices, and where the case changes. */
function wordsOf(key: string): string[] {
  return key
    .normalize('NFKC')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]{1,64})([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/** Says whether the value under a key must not be shown. */
export type KeyJudge = (key: string) => boolean;

/**
 * Judges keys. One names something secret without regard to case and separators, as a whole or by its last words
 * (`accessToken`, `ACCESS-TOKEN`, `user.access_token` and `accessToken[0]` all match `access_token`), also in the plural.
 * Verdicts are remembered for a bounded number of keys.
 */
export function createKeyJudge(sensitiveKeys: readonly string[]): KeyJudge {
  const sensitive = new Set(sensitiveKeys.map((key) => wordsOf(key).join('')));
  // A count of tokens is what a gateway tells most often.
  for (const key of [...sensitive]) if (key !== 'token' && !key.endsWith('s')) sensitive.add(`${key}s`);
  const endings = [...sensitive].filter((key) => key.length >= minimumEnding && key !== 'tokens');
  const longestWords = Math.max(1, ...sensitiveKeys.map((key) => wordsOf(key).length));
  const remembered = new Map<string, boolean>();

  function isSensitive(key: string): boolean {
    const words = wordsOf(key);
    while (words.length > 1 && /^\d+$/.test(words.at(-1) ?? '')) words.pop();
    for (let count = 1; count <= longestWords + 1 && count <= words.length; count++) {
      if (sensitive.has(words.slice(-count).join(''))) return true;
    }
    const last = words.at(-1) ?? '';
    return sensitive.has(words.join('')) || endings.some((ending) => last.endsWith(ending));
  }

  return (key) => {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const verdict = isSensitive(key.slice(-maximumKeyLength));
    if (key.length <= maximumKeyLength && remembered.size < maximumRemembered) remembered.set(key, verdict);
    return verdict;
  };
}
