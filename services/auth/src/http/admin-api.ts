import type { Telemetry } from '@ibex/telemetry';
import type { AuditMetadata } from '@ibex/telemetry/audit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Database } from '../database/database.ts';
import type { Deed } from '../tokens/issue-token.ts';
import type { TokenHasher } from '../tokens/token-hash.ts';
import type { Principal } from '../tokens/token-verdict.ts';
import { agentRoutes } from './agent-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { authenticateAdmin } from './authenticate.ts';
import { answerProblem, Problem } from './problem.ts';
import { tokenRoutes } from './token-routes.ts';
import { auditField } from './validation.ts';

/** What the routes work with. */
export interface AdminApi {
  readonly database: Database;
  readonly hasher: TokenHasher;
  readonly telemetry: Telemetry;
}

/** Requests of the API are small; a longer body is not read. */
export const bodyLimitBytes = 64 * 1024;

/** What a deletion may say about itself; no body at all is fine. */
export const deletionBody = z.strictObject({ audit: auditField }).nullish();

/** The deed a request is, for the audit log. */
export function deedOf(request: FastifyRequest, metadata: AuditMetadata): Deed {
  const { tokenId, userId } = request.principal;
  return { actor: { tokenId, userId: userId ?? null }, metadata, requestId: request.ibex.requestId };
}

/** The plugin with every route under `/v1`: for admins, JSON in and out, only about their own organisation. */
export async function adminApi(app: FastifyInstance, api: AdminApi): Promise<void> {
  app.decorateRequest('principal', null as unknown as Principal);
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler((request) => {
    const message = `There is no ${request.method} ${request.url.slice(0, 200)}.`;
    throw new Problem(404, { code: 'not_found', message });
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    await authenticateAdmin(request, api);
  });
  tokenRoutes(app, api);
  agentRoutes(app, api);
  auditRoutes(app, api);
}
