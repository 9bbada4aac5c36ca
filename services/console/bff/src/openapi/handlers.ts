import type { operations } from '@ibex/api/console';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Session } from '../session/session.ts';

/** The `operationId`s of the console's document. */
export type OperationId = keyof operations;

type Parameters<Id extends OperationId, Place extends string> = operations[Id] extends {
  parameters: { [Key in Place]?: infer Value };
}
  ? NonNullable<Value>
  : never;

type JsonOf<Response> = Response extends { content: { 'application/json': infer Body } } ? Body : undefined;

/** The JSON an operation answers with; undefined when it answers without a body. */
export type AnswerOf<Id extends OperationId> = operations[Id]['responses'] extends { 200: infer Success }
  ? JsonOf<Success>
  : undefined;

/** The JSON body an operation takes. */
export type BodyOf<Id extends OperationId> = operations[Id] extends {
  requestBody: { content: { 'application/json': infer Body } };
}
  ? Body
  : undefined;

/** The query parameters of an operation, validated and converted. */
export type QueryOf<Id extends OperationId> = Parameters<Id, 'query'>;

/** What a handler gets: everything in it has passed the document's rules. */
export interface Call<Id extends OperationId> {
  readonly path: Parameters<Id, 'path'>;
  readonly query: QueryOf<Id>;
  readonly body: BodyOf<Id>;
  /** Whoever calls; undefined for the operations that need no session. */
  readonly session: Session | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
}

/** One handler for each operation of the document: a missing one and a surplus one do not compile. */
export type Handlers = { readonly [Id in OperationId]: (call: Call<Id>) => Promise<AnswerOf<Id>> };
