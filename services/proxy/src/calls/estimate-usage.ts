import type { JsonObject } from '../json.ts';
import type { Usage } from '../providers/call-report.ts';

const charactersPerToken = 4;
const maximumDepth = 6;

/** Fields that carry the text of an answer, in any dialect. */
const textFields: ReadonlySet<string> = new Set([
  'content',
  'text',
  'delta',
  'thinking',
  'reasoning_content',
  'refusal',
  'arguments',
  'partial_json',
]);

/** How much text an event of a stream carries: the basis of an estimate, for any dialect. */
export function textLength(body: JsonObject, depth = 0): number {
  let length = 0;
  for (const key in body) {
    const value = body[key];
    if (typeof value === 'string') length += textFields.has(key) ? value.length : 0;
    else if (typeof value === 'object' && value !== null && depth < maximumDepth) {
      length += textLength(value as JsonObject, depth + 1);
    }
  }
  return length;
}

/** The rule of thumb: a token for every four characters of the answer and four bytes of the request. */
export function estimateUsage(requestBytes: number, answerCharacters: number): Usage {
  return {
    inputTokens: Math.ceil(requestBytes / charactersPerToken),
    outputTokens: Math.ceil(answerCharacters / charactersPerToken),
  };
}
