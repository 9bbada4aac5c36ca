/** A failure with the answer it becomes: `{ error: { code, message, requestId } }` under a status. */
export class Problem extends Error {
  readonly statusCode: number;
  /** Stable and machine-readable, e.g. `invalid_parameter`. */
  readonly code: string;

  constructor(statusCode: number, options: { code: string; message: string; cause?: unknown }) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'Problem';
    this.statusCode = statusCode;
    this.code = options.code;
  }
}
