import type { components } from '@ibex/api/auth-http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  type Agent,
  disableAgent,
  insertAgent,
  listAgents,
  updateAgent,
} from '../agents/agent-repository.ts';
import { isIdentifier, randomIdentifier } from '../identifiers.ts';
import { type AdminApi, deletionBody } from './admin-api.ts';
import { mutate } from './mutate.ts';
import { notFound } from './problem.ts';
import { limitsField, scopesField } from './rights-fields.ts';
import { shownLimits, shownScopes } from './shown-rights.ts';
import { auditField, nameField, parse, parsePage } from './validation.ts';

type Schemas = components['schemas'];
type AgentRequest = FastifyRequest<{ Params: { agentId: string } }>;

const createBody = z.strictObject({
  name: nameField,
  limits: limitsField,
  scopes: scopesField,
  audit: auditField,
});
const changeBody = createBody.partial();

/** An agent as the API shows it. */
function shownAgent(agent: Agent): Schemas['Agent'] {
  return {
    id: agent.id,
    name: agent.name,
    limits: shownLimits(agent.limits),
    scopes: shownScopes(agent.scopes),
    createdAtUnixMs: agent.createdAt.getTime(),
    disabledAtUnixMs: agent.disabledAt?.getTime() ?? null,
  };
}

async function create(api: AdminApi, request: FastifyRequest): Promise<Agent> {
  const { name, limits = {}, scopes = {}, audit } = parse(createBody, request.body);
  const id = `agent_${randomIdentifier()}`;
  return mutate(api, {
    request,
    mutation: {
      action: 'agent.create',
      audit,
      change: async (transaction, { id: orgId }) => {
        const agent = await insertAgent(transaction, { id, orgId, name, limits, scopes });
        return { result: agent, targetId: id };
      },
    },
  });
}

async function change(api: AdminApi, request: AgentRequest): Promise<Agent> {
  const { agentId } = request.params;
  const { audit, ...changes } = parse(changeBody, request.body);
  if (!isIdentifier('agent', agentId)) throw notFound('agent', agentId);
  return mutate(api, {
    request,
    mutation: {
      action: 'agent.update',
      audit,
      change: async (transaction, { id: orgId }) => {
        const agent = await updateAgent(transaction, { orgId, agentId, changes });
        if (agent === undefined) throw notFound('agent', agentId);
        return { result: agent, targetId: agentId, revoked: { kind: 'agent', id: agentId } };
      },
    },
  });
}

async function disable(api: AdminApi, request: AgentRequest): Promise<void> {
  const { agentId } = request.params;
  const audit = parse(deletionBody, request.body)?.audit;
  if (!isIdentifier('agent', agentId)) throw notFound('agent', agentId);
  await mutate(api, {
    request,
    mutation: {
      action: 'agent.disable',
      audit,
      change: async (transaction, { id: orgId }) => {
        const outcome = await disableAgent(transaction, { orgId, agentId });
        if (outcome === 'not_found') throw notFound('agent', agentId);
        const targetId = outcome === 'disabled' ? agentId : undefined;
        return { result: undefined, targetId, revoked: { kind: 'agent', id: agentId } };
      },
    },
  });
}

/** `POST`, `GET /agents`, and `PATCH`, `DELETE /agents/:agentId`. */
export function agentRoutes(app: FastifyInstance, api: AdminApi): void {
  app.post('/agents', async (request, reply) => reply.code(201).send(shownAgent(await create(api, request))));
  app.get('/agents', async (request): Promise<Schemas['AgentPage']> => {
    const page = parsePage(request.query);
    const { items, nextCursor } = await listAgents(api.database, { orgId: request.principal.orgId, page });
    return { agents: items.map(shownAgent), nextCursor };
  });
  app.patch<{ Params: { agentId: string } }>('/agents/:agentId', async (request) =>
    shownAgent(await change(api, request)),
  );
  app.delete<{ Params: { agentId: string } }>('/agents/:agentId', async (request, reply) => {
    await disable(api, request);
    return reply.code(204).send();
  });
}
