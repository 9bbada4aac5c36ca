import { type ApiError, errorBody } from '../api-error.ts';
import { dataEvent } from '../sse/event.ts';
import type { EndpointDialect } from './dialect.ts';
import { commentKeepAlive, type Face } from './face.ts';

/** The face of the endpoints that OpenAI defines and that end a failed stream with an event without a name. */
export function openAiFace(dialect: EndpointDialect): Face {
  return {
    dialect,
    statusOf: (error: ApiError) => error.statusCode,
    errorBody,
    errorEvent: (error, requestId) => dataEvent(errorBody(error, requestId)),
    keepAlive: commentKeepAlive,
  };
}
