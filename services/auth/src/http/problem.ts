import { ibexContract } from '@ibex/contract';
import { createSanitiser } from '@ibex/telemetry/privacy';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { DatabaseError } from '../database/database.ts';

/** What is wrong with one field of a request. */
export interface FieldFault {
  /** As the caller wrote it, e.g. `audit.reason`. */
  readonly field: string;
  /** Completes the sentence "<field> must be …". */
  readonly rule: string;
  readonly value: unknown;
}

const shownValueLength = 100;

/** Bodies declared shorter than this are read to their end and thrown away, so that the caller gets to the answer. */
const drainedBodyBytes = 64 * 1024 * 1024;

/** An answer other than success. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly statusCode: number;
  readonly code: string;
  readonly fault: FieldFault | undefined;
  /** When trying again may help. */
  readonly retryAfterSeconds: number | undefined;

  constructor(statusCode: number, { code, message, fault, retryAfterSeconds }: ProblemBody) {
    super(sanitiser.redactText(message));
    this.statusCode = statusCode;
    this.code = code;
    this.fault = fault;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

interface ProblemBody {
  readonly code: string;
  readonly message: string;
  readonly fault?: FieldFault | undefined;
  readonly retryAfterSeconds?: number;
}

const sanitiser = createSanitiser(ibexContract.sensitiveKeys);

/** A value as an answer may repeat it: short, and without what looks like a secret, since answers are kept by others. */
function shown(value: unknown): string {
  if (value === undefined) return 'missing';
  const text = JSON.stringify(sanitiser.sanitise(value)) ?? String(value);
  return text.length > shownValueLength ? `${text.slice(0, shownValueLength)}…` : text;
}

/** 400 for a field that breaks a rule. */
export function invalidField(given: FieldFault, message?: string): Problem {
  const { [given.field]: value } = sanitiser.sanitise({ [given.field]: given.value }) as Record<
    string,
    unknown
  >;
  const fault = { ...given, value };
  const text = message ?? `${fault.field} must be ${fault.rule}: it is ${shown(fault.value)}.`;
  return new Problem(400, { code: 'invalid_request', message: text, fault });
}

/** 404 for a thing that is not there, or is another organisation's: callers cannot tell which. */
export function notFound(thing: string, id: string): Problem {
  return new Problem(404, { code: 'not_found', message: `Your organisation has no ${thing} ${shown(id)}.` });
}

/** 409 for what the present state does not allow. */
export function conflict(code: string, message: string): Problem {
  return new Problem(409, { code, message });
}

function fromFastify(error: FastifyError, request: FastifyRequest): Problem | undefined {
  const contentType = shown(request.headers['content-type']);
  switch (error.statusCode) {
    case 400:
      return new Problem(400, {
        code: 'malformed_json',
        message: `The body must be JSON: ${error.message}.`,
      });
    case 413:
      return new Problem(413, {
        code: 'body_too_large',
        message: `The body must have at most ${request.routeOptions.bodyLimit} bytes. Shorten it and send it again.`,
      });
    case 415:
      return new Problem(415, {
        code: 'unsupported_media_type',
        message: `Content-Type must be application/json: it is ${contentType}.`,
      });
    default:
      return undefined;
  }
}

function problemOf(error: FastifyError, request: FastifyRequest): Problem {
  if (error instanceof Problem) return error;
  // An audit entry that cannot be written has the database's error as its cause.
  const cause: unknown = error.cause instanceof DatabaseError ? error.cause : error;
  if (cause instanceof DatabaseError && cause.unavailable) {
    return new Problem(503, {
      code: 'database_unavailable',
      message: 'The database does not answer, so nothing was changed or read. Try again in a moment.',
    });
  }
  return (
    fromFastify(error, request) ??
    new Problem(500, { code: 'internal_error', message: 'The service failed. Its log has the request id.' })
  );
}

/**
 * Fastify closes the connection on a body that is too large; a caller still sending would then see a broken connection
 * instead of the answer.
 */
function keepConnection(request: FastifyRequest, reply: FastifyReply): void {
  const declaredBytes = Number(request.headers['content-length']);
  if (declaredBytes <= drainedBodyBytes) reply.removeHeader('connection');
}

/** Answers every error in the one shape of the API. */
export function answerProblem(
  error: FastifyError,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = problemOf(error, request);
  const { fault } = problem;
  request.ibex.logFields = { ...request.ibex.logFields, error_code: problem.code };
  if (problem.statusCode >= 500) request.ibex.error = error;
  if (problem.statusCode === 413) keepConnection(request, reply);
  if (problem.statusCode === 401) reply.header('www-authenticate', 'Bearer');
  if (problem.retryAfterSeconds !== undefined) reply.header('retry-after', problem.retryAfterSeconds);
  const details =
    fault === undefined ? {} : { field: fault.field, rule: fault.rule, value: shown(fault.value) };
  return reply.code(problem.statusCode).send({
    error: {
      code: problem.code,
      message: problem.message,
      requestId: request.ibex.requestId,
      ...details,
    },
  });
}
