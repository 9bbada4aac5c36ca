import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import { callerOf } from '../pipeline/authenticate.ts';
import type { Step } from '../pipeline/time-steps.ts';

/**
 * Who may call a route: an `admin` of the caller's own organisation, for what is of that; an `operator` is an admin of the
 * organisation that runs the installation.
 */
export type Access = 'admin' | 'operator';

/** Every route of the admin API, by method and template. */
export const adminAccess = {
  'GET /admin/usage': 'admin',
  'GET /admin/usage/reconciliation': 'operator',
  'GET /admin/requests': 'admin',
  'DELETE /admin/requests/:requestId': 'admin',
} as const satisfies Readonly<Record<string, Access>>;

/** Whether the caller is an admin of the organisation that runs the installation: what is of others is open to them. */
export function isOperator(request: FastifyRequest): boolean {
  const { role, operates } = callerOf(request).verdict;
  return role === 'admin' && operates;
}

/** Whose calls the caller may see and end: undefined for everybody's. */
export function scopeOf(request: FastifyRequest): string | undefined {
  return isOperator(request) ? undefined : callerOf(request).orgId;
}

/** A 403 for a caller whose role does not suffice. */
export function forbidden(message: string): ApiError {
  return new ApiError(403, { type: 'permission_error', code: 'role_not_allowed', message });
}

/** Refuses callers who may not call the route; a route without an entry in the table is open to nobody. */
export const checkAccess: Step = (request) => {
  const { method, url = '' } = request.routeOptions;
  const name = `${method === 'HEAD' ? 'GET' : String(method)} ${url}`;
  const access = (adminAccess as Readonly<Record<string, Access>>)[name];
  const { role } = callerOf(request).verdict;
  if (access === undefined || role !== 'admin') {
    throw forbidden(`${name} is for admins of an organisation: your token has the role ${role}.`);
  }
  if (access === 'operator' && !isOperator(request)) {
    throw forbidden(`${name} is for admins of the organisation that runs this installation.`);
  }
  return undefined;
};
