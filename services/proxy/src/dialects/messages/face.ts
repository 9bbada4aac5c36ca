import type { ApiError } from '../../api-error.ts';
import { namedEvent } from '../../sse/event.ts';
import type { EndpointDialect } from '../dialect.ts';
import type { Face } from '../face.ts';

/** The status that clients of Anthropic know as "overloaded". */
const overloadedStatus = 529;

const typeByStatus: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  [overloadedStatus]: 'overloaded_error',
};

function statusOf({ statusCode, code }: ApiError): number {
  return code === 'upstream_overloaded' ? overloadedStatus : statusCode;
}

function typeOf(error: ApiError): string {
  const status = statusOf(error);
  return typeByStatus[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error');
}

function errorBody(error: ApiError, requestId: string) {
  return {
    type: 'error',
    error: { type: typeOf(error), message: error.message },
    request_id: requestId,
  };
}

/** The face of the endpoints that Anthropic defines. */
export function anthropicFace(dialect: EndpointDialect): Face {
  return {
    dialect,
    statusOf,
    errorBody,
    errorEvent: (error, requestId) => namedEvent('error', errorBody(error, requestId)),
    keepAlive: namedEvent('ping', { type: 'ping' }),
    requestIdHeader: 'request-id',
  };
}

/** `POST /v1/messages` */
export const messagesFace = anthropicFace('messages');
