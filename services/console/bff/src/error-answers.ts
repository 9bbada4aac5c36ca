import type { Sanitiser } from '@ibex/telemetry/privacy';
import { excerpt } from '@ibex/telemetry/privacy';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from './problem.ts';

/** The codes of what Fastify itself refuses, by status. */
const codes: Readonly<Record<number, string>> = {
  400: 'invalid_request',
  404: 'not_found',
  413: 'body_too_large',
  414: 'path_too_long',
  415: 'unsupported_media_type',
};
const maximumShownLength = 200;

/** Makes every failure an answer in the API's error shape. What is ours to mend goes to the log and is not shown. */
export function createErrorAnswer(sanitiser: Sanitiser) {
  return (error: FastifyError | Problem, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const problem = toProblem(error);
    request.ibex.logFields = { ...request.ibex.logFields, error_code: problem.code };
    if (problem.statusCode >= 500) request.ibex.error ??= error;
    const { code, message } = problem;
    const { requestId } = request.ibex;
    return reply
      .code(problem.statusCode)
      .header('cache-control', 'no-store')
      .type('application/json; charset=utf-8')
      .send({ error: { code, message: sanitiser.redactText(message), requestId } });
  };
}

/** Answers what no route matches, and every missing file. */
export function answerNotFound(request: FastifyRequest): never {
  const path = excerpt(request.url.split('?', 1)[0] ?? '', maximumShownLength);
  const message = `There is nothing at ${request.method} ${path}. The API's document is api/openapi/console.yaml.`;
  throw new Problem(404, { code: 'not_found', message });
}

function toProblem(error: FastifyError | Problem): Problem {
  if (error instanceof Problem) return error;
  const { statusCode = 500, message } = error;
  if (statusCode >= 400 && statusCode < 500)
    return new Problem(statusCode, { code: codes[statusCode] ?? 'invalid_request', message });
  return new Problem(500, {
    code: 'internal_error',
    message: 'The console failed at this. Its log has the reason under the request id.',
    cause: error,
  });
}
