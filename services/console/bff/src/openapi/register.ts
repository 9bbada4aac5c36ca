import { consoleOperations } from '@ibex/api/console-operations';
import type { Operation } from '@ibex/api/operation';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Call, Handlers, OperationId } from './handlers.ts';
import { createValidatorCompiler, schemasOf } from './validation.ts';

export interface RegisterOptions {
  readonly handlers: Handlers;
  /** Runs before anything of the request is read; throws the Problem that refuses it. */
  readonly admit: (
    operation: Operation,
    exchange: { request: FastifyRequest; reply: FastifyReply },
  ) => Promise<void>;
}

type AnyHandler = (call: Call<never>) => Promise<unknown>;

/** `/login/{code}` as Fastify writes it: `/login/:code`. */
export function routeOf(path: string): string {
  return path.replace(/\{(\w+)\}/g, ':$1');
}

/** Registers every operation of the console's document; nothing else ever becomes an API route. */
export function registerOperations(app: FastifyInstance, options: RegisterOptions): void {
  app.setValidatorCompiler(createValidatorCompiler());
  for (const operation of consoleOperations) registerOperation(app, { ...options, operation });
}

function registerOperation(app: FastifyInstance, options: RegisterOptions & { operation: Operation }): void {
  const { operation, admit } = options;
  // Fastify has validated the parts against the same document the types come from.
  const handler = options.handlers[operation.id as OperationId] as AnyHandler;
  app.route({
    method: operation.method,
    url: routeOf(operation.path),
    schema: schemasOf(operation),
    // A HEAD of the one-time link, as previews send it, would use the link up.
    exposeHeadRoute: false,
    onRequest: (request, reply) => admit(operation, { request, reply }),
    handler: async (request, reply) => {
      const call = { path: request.params, query: request.query, body: request.body, request, reply };
      const answer = await handler({ ...call, session: request.consoleSession } as Call<never>);
      return answer === undefined ? reply.send() : answer;
    },
  });
}
