import type { FastifyRequest } from 'fastify';
import type { ModelBody, ModelCatalogue } from '../providers/catalogue.ts';

/** `GET /v1/models` */
export function listModels(
  models: ModelCatalogue,
): () => Promise<{ object: 'list'; data: readonly ModelBody[] }> {
  return async () => ({ object: 'list', data: models.list() });
}

/** `GET /v1/models/:model` */
export function describeModel(models: ModelCatalogue): (request: FastifyRequest) => Promise<ModelBody> {
  return async (request) => models.describe((request.params as { model: string }).model);
}
