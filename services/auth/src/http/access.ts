/**
 * Who may call a route. `ops` and `admin` are roles of the caller's token, each including what follows it; `operator` is
 * an admin of the organisation that runs the installation.
 */
export type Access = 'operator' | 'admin' | 'ops';

/** Every route of the admin API, by method and template. A route that is missing here keeps the service from starting. */
export const routeAccess = {
  'GET /v1/tokens': 'ops',
  'POST /v1/tokens': 'admin',
  'PATCH /v1/tokens/:tokenId': 'admin',
  'DELETE /v1/tokens/:tokenId': 'admin',
  'POST /v1/tokens/:tokenId/rotate': 'admin',
  'GET /v1/agents': 'ops',
  'POST /v1/agents': 'admin',
  'PATCH /v1/agents/:agentId': 'admin',
  'DELETE /v1/agents/:agentId': 'admin',
  'GET /v1/users': 'ops',
  'POST /v1/users': 'admin',
  'PATCH /v1/users/:userId': 'admin',
  'GET /v1/organisations': 'operator',
  'POST /v1/organisations': 'operator',
  'GET /v1/organisations/:orgId': 'ops',
  'PATCH /v1/organisations/:orgId': 'admin',
  'POST /v1/organisations/:orgId/admin-token': 'operator',
  'GET /v1/audit': 'admin',
} as const satisfies Readonly<Record<string, Access>>;

/**
 * What a route asks of its callers. HEAD is GET without a body.
 * @throws {Error} for a route the table does not have.
 */
export function accessOf(method: string, template: string): Access {
  const key = `${method === 'HEAD' ? 'GET' : method} ${template}`;
  const access = (routeAccess as Readonly<Record<string, Access>>)[key];
  if (access === undefined) throw new Error(`${key} has no entry in routeAccess: say who may call it.`);
  return access;
}
