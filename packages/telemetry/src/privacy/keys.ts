const maximumKeyLength = 256;
const maximumRemembered = 2_000;

/** Splits a key into lower-case words: at separators, dots, and where the case changes. */
function wordsOf(key: string): string[] {
  return key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
}

/**
 * Tells whether a key names something secret: without regard to case and separators, as a whole or as its last
 * words (`accessToken`, `ACCESS-TOKEN` and `user.access_token` all match `access_token`). Answers are remembered for
 * a bounded number of keys.
 */
export function createKeyTest(sensitiveKeys: readonly string[]): (key: string) => boolean {
  const sensitive = new Set(sensitiveKeys.map((key) => wordsOf(key).join('')));
  const longestWords = Math.max(1, ...sensitiveKeys.map((key) => wordsOf(key).length));
  const remembered = new Map<string, boolean>();

  function test(key: string): boolean {
    const words = wordsOf(key);
    for (let count = 1; count <= longestWords && count <= words.length; count++) {
      if (sensitive.has(words.slice(-count).join(''))) return true;
    }
    return sensitive.has(words.join(''));
  }

  return (key) => {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const result = test(key.length > maximumKeyLength ? key.slice(-maximumKeyLength) : key);
    if (remembered.size < maximumRemembered) remembered.set(key, result);
    return result;
  };
}
