import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ProblemError } from './problems.ts';

/** Shorter tokens can be guessed. */
const MIN_TOKEN_LENGTH = 16;

/**
 * A hook that lets in only requests with the token, compared in a time that does not depend on where they differ.
 *
 * @throws {Error} when the token is too short to protect anything.
 */
export function requireToken(token: string) {
  if (token.length < MIN_TOKEN_LENGTH) {
    throw new Error(
      `Cannot protect the query API as IBEX_COLLECTOR_QUERY_TOKEN must have at least ${MIN_TOKEN_LENGTH} characters: ` +
        `it has ${token.length}. Set it to a long random text`,
    );
  }
  const expected = digest(token);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const given = bearerToken(request.headers.authorization);
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return;
    reply.header('WWW-Authenticate', 'Bearer realm="ibex-collector"');
    throw unauthorized(given);
  };
}

function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +([^ ]+) *$/i.exec(header ?? '')?.[1];
}

/** Digests have one length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

function unauthorized(given: string | undefined): ProblemError {
  const message =
    given === undefined
      ? "The header 'Authorization' must be 'Bearer <token>': it is missing or of another form. Send the collector's query token"
      : "The token in the header 'Authorization' is not the collector's query token. Send the one set as IBEX_COLLECTOR_QUERY_TOKEN";
  return new ProblemError({ statusCode: 401, code: 'unauthorized', message });
}
