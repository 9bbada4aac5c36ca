import type { Telemetry } from '@ibex/telemetry';
import type { Audit } from '@ibex/telemetry/audit';
import { excerpt } from '@ibex/telemetry/privacy';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Database } from '../database/database.ts';
import type { TokenHasher } from '../tokens/token-hash.ts';
import type { Principal } from '../tokens/token-verdict.ts';
import { accessOf } from './access.ts';
import { agentRoutes } from './agent-routes.ts';
import { auditRoutes } from './audit-routes.ts';
import { type AuthenticateParts, authenticate } from './authenticate.ts';
import { organisationRoutes } from './organisation-routes.ts';
import { answerProblem, Problem } from './problem.ts';
import { tokenRoutes } from './token-routes.ts';
import { userRoutes } from './user-routes.ts';
import { auditField } from './validation.ts';

/** What the routes work with. */
export interface AdminApi {
  readonly database: Database;
  readonly hasher: TokenHasher;
  readonly telemetry: Telemetry;
  readonly audit: Audit;
}

/** Requests of the API are small; a longer body is not read. */
export const bodyLimitBytes = 64 * 1024;

/** What a deletion may say about itself; no body at all is fine. */
export const deletionBody = z.strictObject({ audit: auditField }).nullish();

/** The plugin with every route under `/v1`: JSON in and out, each route for whom `routeAccess` says. */
export async function adminApi(app: FastifyInstance, api: AdminApi & AuthenticateParts): Promise<void> {
  app.decorateRequest('principal', null as unknown as Principal);
  app.removeContentTypeParser('text/plain');
  app.setErrorHandler(answerProblem);
  app.setNotFoundHandler((request) => {
    const message = `There is no ${request.method} ${excerpt(request.url, 200)}.`;
    throw new Problem(404, { code: 'not_found', message });
  });
  app.addHook('onRoute', ({ method, url }) => {
    for (const name of [method].flat()) accessOf(name, url);
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    await authenticate(request, api);
  });
  tokenRoutes(app, api);
  agentRoutes(app, api);
  userRoutes(app, api);
  organisationRoutes(app, api);
  auditRoutes(app, api);
}
