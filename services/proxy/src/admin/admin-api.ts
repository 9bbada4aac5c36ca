import type { Telemetry } from '@ibex/telemetry';
import type { FastifyInstance } from 'fastify';
import type { InFlight } from '../calls/calls-in-flight.ts';
import type { Usage } from '../usage/create-usage.ts';
import { reconcile } from './reconcile.ts';
import { killRequest, listRequests } from './request-routes.ts';
import { readUsage } from './usage-routes.ts';

export interface AdminParts {
  readonly calls: InFlight;
  readonly usage: Usage;
  readonly telemetry: Telemetry;
}

/** The routes for administrators, and the methods they have. */
export const adminRoutes: readonly { url: string; allowed: readonly [string, ...string[]] }[] = [
  { url: '/admin/usage', allowed: ['GET', 'HEAD'] },
  { url: '/admin/usage/reconciliation', allowed: ['GET', 'HEAD'] },
  { url: '/admin/requests', allowed: ['GET', 'HEAD'] },
  { url: '/admin/requests/:requestId', allowed: ['DELETE'] },
];

/** Adds the routes for administrators. Who is calling, and whether they may, is found out by the hooks of `app`. */
export function adminApi(app: FastifyInstance, { calls, usage, telemetry }: AdminParts): void {
  app.get('/admin/usage', readUsage(usage));
  app.get('/admin/usage/reconciliation', reconcile(usage, telemetry));
  app.get('/admin/requests', listRequests(calls));
  app.delete('/admin/requests/:requestId', killRequest(calls, telemetry));
}
