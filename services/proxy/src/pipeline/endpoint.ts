import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Face } from '../dialects/face.ts';
import type { ModelRequest } from '../dialects/model-request.ts';
import { checkModelGivenOnce } from './model-given-once.ts';
import { type BodyLimits, checkMediaType, parseJson, readBody } from './read-body.ts';
import type { Serve } from './serve.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How errors look at this route; those of OpenAI where it is not set. */
    face?: Face;
  }
}

/** A route that asks a model. */
export interface Endpoint {
  readonly url: string;
  readonly face: Face;
  /**
   * Reads and checks a request.
   *
   * @throws {ApiError} 400 naming the field at fault.
   */
  readonly read: (
    body: unknown,
    received: { readonly bytes: Uint8Array; readonly headers: FastifyRequest['headers'] },
  ) => ModelRequest;
}

export interface EndpointParts {
  readonly bodyLimits: BodyLimits;
  readonly serve: Serve;
}

/**
 * The body of a request as JSON, and as it came.
 *
 * @throws {ApiError} 4xx where there is none that can be used.
 */
export async function readJson(
  request: FastifyRequest,
  limits: BodyLimits,
): Promise<{ body: unknown; bytes: Uint8Array }> {
  checkMediaType(request.raw);
  const startedAt = performance.now();
  const bytes = await readBody(request.raw, limits);
  request.timing.bodyMs += performance.now() - startedAt;
  const body = parseJson(bytes);
  checkModelGivenOnce(bytes);
  return { body, bytes };
}

/** The handler of an endpoint whose every request is one call of a model. */
export function answerEndpoint(
  { face, read }: Endpoint,
  { bodyLimits, serve }: EndpointParts,
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    const { body, bytes } = await readJson(request, bodyLimits);
    return serve(read(body, { bytes, headers: request.headers }), { request, reply, face });
  };
}
