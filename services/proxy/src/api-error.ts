import type { components } from '@ibex/api/proxy';
import { redactText } from '@ibex/telemetry/privacy';

/** What every client of the OpenAI API understands, and the request id to quote. */
export type ErrorBody = components['schemas']['Error'];

/** The kinds of error a client can tell apart without reading `code`. */
export type ApiErrorType = ErrorBody['error']['type'];

export interface ApiErrorOptions {
  readonly type: ApiErrorType;
  readonly code: string;
  readonly message: string;
  /** The field of the request that is wrong, as the caller wrote it: `messages[0].content`. */
  readonly param?: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An answer that is an error: thrown anywhere in the pipeline, written by the error handler, without secrets. */
export class ApiError extends Error {
  override readonly name = 'ApiError';
  /** HTTP status, under the name Fastify knows. */
  readonly statusCode: number;
  readonly type: ApiErrorType;
  readonly code: string;
  readonly param: string | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(statusCode: number, options: ApiErrorOptions) {
    super(redactText(options.message), options.cause === undefined ? {} : { cause: options.cause });
    this.statusCode = statusCode;
    this.type = options.type;
    this.code = options.code;
    this.param = options.param === undefined ? undefined : redactText(options.param);
    this.headers = options.headers ?? {};
  }
}

/** The error as the client gets it, in a response or in a stream. */
export function errorBody(error: ApiError, requestId: string): ErrorBody {
  return {
    error: {
      message: error.message,
      type: error.type,
      param: error.param ?? null,
      code: error.code,
      request_id: requestId,
    },
  };
}

/** A 400 that names the field at fault. */
export function invalidRequest(message: string, options: { param?: string; code?: string } = {}): ApiError {
  return new ApiError(400, {
    type: 'invalid_request_error',
    code: options.code ?? 'invalid_value',
    message,
    param: options.param,
  });
}
