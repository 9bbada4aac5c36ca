import type { FastifyRequest } from 'fastify';
import type { ModelSource } from '../routing/model-source.ts';
import type { ModelBody } from '../routing/router.ts';
import { checkSeen, maySee } from './check-scopes.ts';

/** `GET /v1/models`: those that the caller may use. */
export function listModels(
  models: ModelSource,
): (request: FastifyRequest) => Promise<{ object: 'list'; data: readonly ModelBody[] }> {
  return async (request) => ({
    object: 'list',
    data: models.router.list().filter(({ id }) => maySee(request, id)),
  });
}

/** `GET /v1/models/:model` */
export function describeModel(models: ModelSource): (request: FastifyRequest) => Promise<ModelBody> {
  return async (request) => {
    const { model } = request.params as { model: string };
    checkSeen(request, model);
    return models.router.describe(model);
  };
}
