import type { components } from '@ibex/api/collector';
import { currentRequest } from '@ibex/telemetry/context';
import { excerpt, redactText } from '@ibex/telemetry/privacy';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import {
  QueryOverloadedError,
  QueryRefusedError,
  QueryTimeoutError,
  StoreClosedError,
} from '../store/errors.ts';

type Problem = components['schemas']['Error'];

/** An answer other than the one asked for. */
export class ProblemError extends Error {
  override name = 'ProblemError';
  readonly statusCode: number;
  /** Stable and machine-readable. */
  readonly code: string;

  constructor({ statusCode, code, message }: { statusCode: number; code: string; message: string }) {
    super(redactText(message));
    this.statusCode = statusCode;
    this.code = code;
  }
}

/** A parameter that breaks its rule; the message names it, the rule, the present value and what to do. */
export function invalidParameter(message: string): ProblemError {
  return new ProblemError({ statusCode: 400, code: 'invalid_parameter', message });
}

export function notFound(message: string): ProblemError {
  return new ProblemError({ statusCode: 404, code: 'not_found', message });
}

/** Longest part of a caller's value that an error repeats. */
const SHOWN_CHARACTERS = 80;

/** A value as an error shows it: quoted, cut, and without characters that could break a line. */
export function shown(value: string): string {
  return JSON.stringify(excerpt(value, SHOWN_CHARACTERS));
}

const RETRY_AFTER_SECONDS = '1';

/** Answers any error in the shape of the API; what broke inside stays inside. */
export function sendProblem(
  error: FastifyError | Error,
  { ibex: record }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemOf(error);
  if (problem.statusCode === 503) reply.header('Retry-After', RETRY_AFTER_SECONDS);
  const requestId = currentRequest()?.requestId ?? null;
  // Absent where the routes are served without telemetry.
  if (record) record.logFields = { ...record.logFields, error_code: problem.code };
  const body: Problem = { error: { code: problem.code, message: problem.message, requestId } };
  return reply.code(problem.statusCode).send(body);
}

function problemOf(error: FastifyError | Error): ProblemError {
  if (error instanceof ProblemError) return error;
  const { message } = error;
  if (error instanceof QueryRefusedError) return invalidParameter(message);
  if (error instanceof QueryTimeoutError) return unavailable('query_timeout', message);
  if (error instanceof QueryOverloadedError) return unavailable('overloaded', message);
  if (error instanceof StoreClosedError) return unavailable('store_closed', message);
  const statusCode = 'statusCode' in error ? (error.statusCode ?? 500) : 500;
  if (statusCode >= 400 && statusCode < 500)
    return new ProblemError({ statusCode, code: 'bad_request', message });
  const hidden = 'The query failed inside the collector: look for its request id in the collector log';
  return new ProblemError({ statusCode: 500, code: 'internal', message: hidden });
}

function unavailable(code: string, message: string): ProblemError {
  return new ProblemError({ statusCode: 503, code, message });
}
