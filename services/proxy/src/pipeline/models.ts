import type { FastifyRequest } from 'fastify';
import type { ModelSource } from '../routing/model-source.ts';
import type { ModelBody } from '../routing/router.ts';

/** `GET /v1/models` */
export function listModels(
  models: ModelSource,
): () => Promise<{ object: 'list'; data: readonly ModelBody[] }> {
  return async () => ({ object: 'list', data: models.router.list() });
}

/** `GET /v1/models/:model` */
export function describeModel(models: ModelSource): (request: FastifyRequest) => Promise<ModelBody> {
  return async (request) => models.router.describe((request.params as { model: string }).model);
}
