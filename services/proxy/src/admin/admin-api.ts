import type { FastifyInstance } from 'fastify';
import type { Usage } from '../usage/create-usage.ts';
import { type KillParts, killRequest } from './kill-request.ts';
import { reconcile } from './reconcile.ts';
import { listRequests } from './request-routes.ts';
import { readUsage } from './usage-routes.ts';

export interface AdminParts extends Omit<KillParts, 'gateway'> {
  readonly usage: Usage;
}

/** The routes for administrators, and the methods they have. */
export const adminRoutes: readonly { url: string; allowed: readonly [string, ...string[]] }[] = [
  { url: '/admin/usage', allowed: ['GET', 'HEAD'] },
  { url: '/admin/usage/reconciliation', allowed: ['GET', 'HEAD'] },
  { url: '/admin/requests', allowed: ['GET', 'HEAD'] },
  { url: '/admin/requests/:requestId', allowed: ['DELETE'] },
];

/** Adds the routes for administrators. Who is calling, and whether they may, is found out by the hooks of `app`. */
export function adminApi(app: FastifyInstance, parts: AdminParts): void {
  const { calls, usage, telemetry } = parts;
  app.get('/admin/usage', readUsage(usage));
  app.get('/admin/usage/reconciliation', reconcile(usage, telemetry));
  app.get('/admin/requests', listRequests(calls));
  app.delete('/admin/requests/:requestId', killRequest({ ...parts, gateway: usage.gateway }));
}
