import { invalidParameter } from './problems.ts';

const MAX_PHRASES = 20;

/**
 * Cuts a text into what must occur: each word by itself, and what stands in double quotes as one phrase.
 *
 * @throws {ProblemError} when there are more than the store will look for.
 */
export function splitPhrases(text: string | undefined): string[] {
  const found = [...(text ?? '').matchAll(/"([^"]+)"|[^\s"]+/g)].map((match) => match[1] ?? match[0]);
  const phrases = [...new Set(found)];
  if (phrases.length <= MAX_PHRASES) return phrases;
  throw invalidParameter(
    `'text' may have at most ${MAX_PHRASES} different words: it has ${phrases.length}. Leave some out, or put a phrase into double quotes`,
  );
}
