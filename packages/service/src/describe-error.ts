/** What an error says, for a line or an answer: several attempts as one text, never an empty one. */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.message !== '') return error.message;
  // A connection tried at several addresses fails as one error without a message.
  if (error instanceof AggregateError && error.errors.length > 0) {
    return error.errors.map(describeError).join('; ');
  }
  return (error as NodeJS.ErrnoException).code ?? error.name;
}
