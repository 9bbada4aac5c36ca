/** Arguments that make no sense; the help is shown with it and the exit code is 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}
