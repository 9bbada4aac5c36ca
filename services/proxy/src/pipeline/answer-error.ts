import type { ErrorBody as UnreadableError } from '@ibex/service';
import { excerpt } from '@ibex/telemetry/privacy';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, type ErrorBody } from '../api-error.ts';
import { chatFace } from '../dialects/chat/face.ts';
import { endpoints } from './endpoints.ts';
import { type BodyLimits, drain } from './read-body.ts';

/** Any error in the shape of the API; what broke inside stays inside. */
export function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { statusCode: status = 500, message = '' } = error as Partial<FastifyError>;
  if (status === 415) {
    return new ApiError(415, {
      type: 'invalid_request_error',
      code: 'unsupported_media_type',
      message: 'Content-Type must be application/json.',
    });
  }
  if (status >= 400 && status < 500) {
    return new ApiError(status, {
      type: 'invalid_request_error',
      code: 'invalid_request',
      message,
    });
  }
  return new ApiError(500, {
    type: 'api_error',
    code: 'internal_error',
    message: 'Something in the gateway broke. Quote the request id when you report it.',
    cause: error,
  });
}

/** Writes every error of the API: in the shape of its endpoint and with the request id, wherever it was thrown. */
export function answerErrors(
  limits: BodyLimits,
): (error: FastifyError | ApiError, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const answer = toApiError(error);
    request.ibex.logFields = { ...request.ibex.logFields, error_code: answer.code };
    if (!request.raw.complete) drain(request.raw, limits);
    const { face = chatFace } = request.routeOptions.config;
    reply
      .code(face.statusOf(answer))
      .headers(answer.headers)
      .send(face.errorBody(answer, request.ibex.requestId));
  };
}

/** In the API's own shape, what is answered to requests that cannot be read. */
export function unreadableBody({ code, message, requestId }: UnreadableError['error']): ErrorBody {
  return {
    error: { message, type: 'invalid_request_error', param: null, code, request_id: requestId ?? '' },
  };
}

const listing = [...endpoints.map(({ url }) => `POST ${url}`), 'POST /v1/responses', 'GET /v1/models'].join(
  ', ',
);

/** No such route. */
export async function answerNotFound(request: FastifyRequest): Promise<never> {
  const [path = ''] = request.url.split('?');
  throw new ApiError(404, {
    type: 'invalid_request_error',
    code: 'unknown_url',
    message: `There is no ${request.method} ${excerpt(path, 200)} here. The API is ${listing}.`,
  });
}

/** The route exists, but not for this method. */
export function refuseMethod(allowed: string): (request: FastifyRequest) => Promise<never> {
  return async (request) => {
    throw new ApiError(405, {
      type: 'invalid_request_error',
      code: 'method_not_allowed',
      message: `${request.method} is not possible here, only ${allowed}.`,
      headers: { allow: allowed },
    });
  };
}
