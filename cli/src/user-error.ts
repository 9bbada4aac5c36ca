/** Something the person at the terminal can mend. `message` is one line; `context` is shown above it, a line each. */
export class UserError extends Error {
  readonly context: readonly string[];

  constructor(message: string, options: { context?: readonly string[]; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = 'UserError';
    this.context = options.context ?? [];
  }
}

/** The code of a system error such as `EADDRINUSE`; undefined when it is none. */
export function systemErrorCode(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** What was thrown, in words. */
export function errorText(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
