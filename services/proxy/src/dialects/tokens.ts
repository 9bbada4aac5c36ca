/** Whether the value is a text as its tokens, as OpenAI's API takes it. */
export function isTokens(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every((token) => Number.isSafeInteger(token));
}

/** The texts of an input that was checked; tokens stand as their numbers. */
export function readTexts(input: unknown): readonly string[] {
  if (typeof input === 'string') return [input];
  if (isTokens(input)) return [String(input)];
  return Array.isArray(input) ? input.map(String) : [];
}
