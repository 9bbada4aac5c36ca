import type { components } from '@ibex/api/auth-http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type Agent, disableAgent, insertAgent, listAgents } from '../agents/agent-repository.ts';
import { insertAuditEntry } from '../audit/audit-repository.ts';
import { isIdentifier, randomIdentifier } from '../identifiers.ts';
import { type AdminApi, deedOf, deletionBody } from './admin-api.ts';
import { notFound } from './problem.ts';
import { auditField, nameField, parse, parseAudit, parsePage } from './validation.ts';

type Schemas = components['schemas'];

const createBody = z.strictObject({ name: nameField, audit: auditField });

/** An agent as the API shows it. */
function shownAgent(agent: Agent): Schemas['Agent'] {
  return {
    id: agent.id,
    name: agent.name,
    createdAtUnixMs: agent.createdAt.getTime(),
    disabledAtUnixMs: agent.disabledAt?.getTime() ?? null,
  };
}

async function create(api: AdminApi, request: FastifyRequest): Promise<Agent> {
  const { name, audit } = parse(createBody, request.body);
  const deed = deedOf(request, parseAudit(api.telemetry, audit));
  const { orgId } = request.principal;
  const id = `agent_${randomIdentifier()}`;
  return api.database.transaction(async (transaction) => {
    const agent = await insertAgent(transaction, { id, orgId, name });
    await insertAuditEntry(transaction, { ...deed, orgId, action: 'agent.create', targetId: id });
    return agent;
  });
}

async function disable(
  api: AdminApi,
  request: FastifyRequest<{ Params: { agentId: string } }>,
): Promise<void> {
  const { agentId } = request.params;
  const deed = deedOf(request, parseAudit(api.telemetry, parse(deletionBody, request.body)?.audit));
  if (!isIdentifier('agent', agentId)) throw notFound('agent', agentId);
  const { orgId } = request.principal;
  await api.database.transaction(async (transaction) => {
    const outcome = await disableAgent(transaction, { orgId, agentId });
    if (outcome === 'not_found') throw notFound('agent', agentId);
    if (outcome === 'already_disabled') return;
    await insertAuditEntry(transaction, { ...deed, orgId, action: 'agent.disable', targetId: agentId });
  });
}

/** `POST`, `GET /agents` and `DELETE /agents/:agentId`. */
export function agentRoutes(app: FastifyInstance, api: AdminApi): void {
  app.post('/agents', async (request, reply) => reply.code(201).send(shownAgent(await create(api, request))));
  app.get('/agents', async (request): Promise<Schemas['AgentPage']> => {
    const page = parsePage(request.query);
    const { items, nextCursor } = await listAgents(api.database, { orgId: request.principal.orgId, page });
    return { agents: items.map(shownAgent), nextCursor };
  });
  app.delete<{ Params: { agentId: string } }>('/agents/:agentId', async (request, reply) => {
    await disable(api, request);
    return reply.code(204).send();
  });
}
