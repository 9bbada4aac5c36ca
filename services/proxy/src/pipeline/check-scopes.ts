import type { Scopes } from '@ibex/api/auth';
import type { FastifyRequest } from 'fastify';
import { allowsModel, checkScopes, type Endpoint, scopesOf } from '../auth/scopes.ts';
import type { EndpointDialect } from '../dialects/dialect.ts';
import { callerOf } from './authenticate.ts';
import type { Admission } from './serve.ts';
import type { Step } from './time-steps.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** What scopes call the endpoint of the route. */
    scope?: Endpoint;
  }
}

const scopes: Readonly<Record<EndpointDialect, Endpoint>> = {
  chat: 'chat.completions',
  completions: 'completions',
  responses: 'responses',
  messages: 'messages',
  embeddings: 'embeddings',
  count_tokens: 'messages.count_tokens',
};

/** What scopes call the endpoint of a dialect. */
export function scopeOf(dialect: EndpointDialect): Endpoint {
  return scopes[dialect];
}

function scopesOfCaller(request: FastifyRequest): readonly Scopes[] {
  return scopesOf(callerOf(request).verdict, request.namedAgent?.verdict);
}

/** Refuses an endpoint that is not among the scopes of the token or the agent, before the body is read. */
export const checkEndpoint: Step = (request) => {
  const { scope } = request.routeOptions.config;
  if (scope !== undefined) checkScopes(scopesOfCaller(request), { endpoint: scope });
  return undefined;
};

/** Refuses a model that is not among the scopes. */
export const checkModel: Admission = ({ model }, { request, face }) => {
  checkScopes(scopesOfCaller(request), { endpoint: scopeOf(face.dialect), model });
  return undefined;
};

/** Whether the caller may use the model. */
export function maySee(request: FastifyRequest, model: string): boolean {
  return scopesOfCaller(request).every((each) => allowsModel(each, model));
}

/** @throws {ApiError} 403 unless the caller may use the model. */
export function checkSeen(request: FastifyRequest, model: string): void {
  checkScopes(scopesOfCaller(request), { endpoint: 'models', model });
}
