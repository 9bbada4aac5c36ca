import { ibexContract } from '@ibex/contract';
import { decodeCodes, redactBase64 } from './encoded.ts';
import { createKeyJudge, type KeyJudge } from './keys.ts';
import { redactLabelled } from './labelled.ts';
import { patterns } from './patterns.ts';
import { suspicion, suspicionsOf } from './suspicion.ts';

export { redacted } from './redacted.ts';

const maximumTextLength = 16_384;
const maximumCutLength = 4_096;
const truncationMark = '…[truncated]';
const labels = suspicion.equals | suspicion.colon | suspicion.quote;
/** How often what is encoded may be encoded again. */
const maximumLayers = 3;
/** The shortest thing that could hold a secret: `a=b` has none worth the name. */
const minimumTextLength = 5;

export type RedactText = (text: string) => string;

/** Cut at the end of a word: a secret that is cut in two is not recognised. */
function truncate(text: string): string {
  let end = maximumTextLength;
  while (end > maximumTextLength - maximumCutLength && !/\s/.test(text.charAt(end - 1))) end--;
  return text.slice(0, end) + truncationMark;
}

/** Any value as text; what cannot be converted is said to be so. Never throws. */
export function toText(value: unknown): string {
  try {
    return String(value);
  } catch {
    return '[unreadable]';
  }
}

/** Builds what takes secrets out of free text: by patterns, and by the sensitive keys that stand before values. */
export function createTextRedactor(isSensitive: KeyJudge): RedactText {
  function redact(text: string, layers: number): string {
    const suspicions = suspicionsOf(text);
    if (suspicions === 0) return text;
    let result = text;
    for (const { when, expression, replacement } of patterns) {
      if ((suspicions & when) !== 0) result = result.replace(expression, replacement as string);
    }
    if ((suspicions & labels) !== 0) result = redactLabelled(result, isSensitive);
    return layers === 0 ? result : redactEncoded(result, { suspicions, layers: layers - 1 });
  }

  function redactEncoded(
    text: string,
    { suspicions, layers }: { suspicions: number; layers: number },
  ): string {
    let result = text;
    if ((suspicions & suspicion.escape) !== 0) {
      const decoded = decodeCodes(result);
      const shown = decoded === result ? decoded : redact(decoded, layers);
      if (shown !== decoded) result = shown;
    }
    if ((suspicions & suspicion.word) === 0) return result;
    return redactBase64(result, (decoded) => redact(decoded, layers));
  }

  return (text) => {
    const given = typeof text === 'string' ? text : toText(text);
    if (given.length < minimumTextLength) return given;
    return redact(given.length > maximumTextLength ? truncate(given) : given, maximumLayers);
  };
}

/**
 * The beginning of a text, for a message: secrets are taken out first, since half of one is not recognised. What was cut
 * ends with `…`.
 */
export function excerpt(text: string, maximumCharacters: number): string {
  const shown = redactText(text);
  return shown.length > maximumCharacters ? `${shown.slice(0, maximumCharacters)}…` : shown;
}

/** The text without what looks like a secret, at most 16,384 characters of it. Never throws. */
export const redactText: RedactText = createTextRedactor(createKeyJudge(ibexContract.sensitiveKeys));
