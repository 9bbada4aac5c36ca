import type { ApiError } from '../api-error.ts';
import type { EndpointDialect } from './dialect.ts';

/** How what the gateway itself says looks at an endpoint: errors, whole or in a stream, and signs of life. */
export interface Face {
  readonly dialect: EndpointDialect;
  /** The status an error is answered with, where clients of this dialect know another one than ours. */
  statusOf(error: ApiError): number;
  /** The body of an error answer. */
  errorBody(error: ApiError, requestId: string): unknown;
  /** The event that ends a stream that failed. */
  errorEvent(error: ApiError, requestId: string): Uint8Array;
  /** Sent while a provider is silent; undefined where clients of the dialect cannot skip it. */
  readonly keepAlive: Uint8Array | undefined;
  /** Where clients of the dialect look for the request id, beside `X-Request-ID`. */
  readonly requestIdHeader?: string;
}

/** A comment, which every reader of server-sent events skips. */
export const commentKeepAlive: Uint8Array = Buffer.from(': keep-alive\n\n');
