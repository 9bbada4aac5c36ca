import { redactText } from './text.ts';

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

/** What is known of a key. */
export interface KeyVerdict {
  /** Its value must not be shown. */
  readonly sensitive: boolean;
  /** The key itself as it may be shown: a map's key can be a secret. */
  readonly shown: string;
}

/**
 * Judges keys. One names something secret without regard to case and separators, as a whole or by its last words
 * (`accessToken`, `ACCESS-TOKEN` and `user.access_token` all match `access_token`). Verdicts are remembered for a
 * bounded number of keys.
 */
export function createKeyJudge(sensitiveKeys: readonly string[]): (key: string) => KeyVerdict {
  const sensitive = new Set(sensitiveKeys.map((key) => wordsOf(key).join('')));
  const longestWords = Math.max(1, ...sensitiveKeys.map((key) => wordsOf(key).length));
  const remembered = new Map<string, KeyVerdict>();

  function isSensitive(key: string): boolean {
    const words = wordsOf(key);
    for (let count = 1; count <= longestWords && count <= words.length; count++) {
      if (sensitive.has(words.slice(-count).join(''))) return true;
    }
    return sensitive.has(words.join(''));
  }

  return (key) => {
    const known = remembered.get(key);
    if (known !== undefined) return known;
    const verdict = {
      sensitive: isSensitive(key.slice(-maximumKeyLength)),
      shown: redactText(key.slice(0, maximumKeyLength)),
    };
    if (key.length <= maximumKeyLength && remembered.size < maximumRemembered) remembered.set(key, verdict);
    return verdict;
  };
}
