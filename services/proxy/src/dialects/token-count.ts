/** A number of tokens as a provider wrote it; undefined for anything that cannot be one. */
export function tokenCount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
