import type { components } from '@ibex/api/auth-http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isIdentifier } from '../identifiers.ts';
import {
  findOrganisation,
  insertOrganisation,
  isNameTaken,
  listOrganisations,
  type Organisation,
  type OrganisationChanges,
  updateOrganisation,
} from '../organisations/organisation-repository.ts';
import { issueToken } from '../tokens/issue-token.ts';
import { insertUser } from '../users/user-repository.ts';
import type { AdminApi } from './admin-api.ts';
import { issueAdminToken } from './admin-token.ts';
import { forbidden } from './authenticate.ts';
import { mutate } from './mutate.ts';
import { conflict, invalidField, notFound } from './problem.ts';
import { limitsField } from './rights-fields.ts';
import { shownLimits } from './shown-rights.ts';
import { auditField, field, nameField, parse, parsePage } from './validation.ts';

type Schemas = components['schemas'];
type OrganisationRequest = FastifyRequest<{ Params: { orgId: string } }>;

const flag = field<boolean>('true or false', (value) => typeof value === 'boolean').optional();

const createBody = z.strictObject({
  name: nameField,
  limits: limitsField,
  captureContent: flag,
  audit: auditField,
});
const changeBody = createBody.extend({ disabled: flag }).partial();

/** An organisation as the API shows it. */
function shownOrganisation(organisation: Organisation): Schemas['Organisation'] {
  return {
    id: organisation.id,
    name: organisation.name,
    limits: shownLimits(organisation.limits),
    captureContent: organisation.captureContent,
    operates: organisation.operates,
    createdAtUnixMs: organisation.createdAt.getTime(),
    disabledAtUnixMs: organisation.disabledAt?.getTime() ?? null,
  };
}

function nameTaken(name: string) {
  return conflict('name_taken', `There is an organisation "${name}" already. Choose another name.`);
}

/** Makes an organisation with its first admin, and a token for that admin, shown this once. */
async function create(api: AdminApi, request: FastifyRequest): Promise<Schemas['CreatedOrganisation']> {
  const { name, limits = {}, captureContent = false, audit } = parse(createBody, request.body);
  return mutate(api, {
    request,
    mutation: {
      action: 'organisation.create',
      audit,
      change: async (transaction) => {
        const organisation = await insertOrganisation(transaction, { name, limits, captureContent });
        if (organisation === undefined) throw nameTaken(name);
        const orgId = organisation.id;
        const admin = await insertUser(transaction, { orgId, name: 'admin', role: 'admin' });
        if (admin === undefined) throw new Error('A new organisation had a user already.');
        const owner = { userId: admin.id };
        const token = { orgId, owner, name: 'first admin token', origin: 'issued', expiresAt: null } as const;
        const { text } = await issueToken(transaction, { hasher: api.hasher, token });
        return { result: { ...shownOrganisation(organisation), adminToken: text }, targetId: orgId };
      },
    },
  });
}

/** The caller's own organisation, or for an operator any. */
function reachable(request: OrganisationRequest): string {
  const { orgId } = request.params;
  const { principal } = request;
  const isOwn = orgId === principal.orgId;
  const isOperator = principal.organisation.operates && principal.role === 'admin';
  if (isIdentifier('org', orgId) && (isOwn || isOperator)) return orgId;
  throw notFound('organisation', orgId);
}

/** An organisation decides what is recorded of it; how much it may use is decided by who runs the installation. */
function checkMayChange(request: OrganisationRequest, changes: OrganisationChanges): void {
  const { principal } = request;
  if (principal.organisation.operates) return;
  const { name, limits, disabled } = changes;
  if (name !== undefined || limits !== undefined || disabled !== undefined) {
    throw forbidden('operator', principal);
  }
}

async function change(api: AdminApi, request: OrganisationRequest): Promise<Organisation> {
  const orgId = reachable(request);
  const { audit, ...changes } = parse(changeBody, request.body);
  checkMayChange(request, changes);
  return mutate(api, {
    request,
    mutation: {
      action: 'organisation.update',
      orgId,
      audit,
      change: async (transaction, { operates }) => {
        if (operates && changes.disabled === true) {
          const rule = 'left out: the organisation that runs this installation cannot be disabled';
          throw invalidField({ field: 'disabled', rule, value: true });
        }
        const { name } = changes;
        if (name !== undefined && (await isNameTaken(transaction, { orgId, name }))) throw nameTaken(name);
        const changed = await updateOrganisation(transaction, { orgId, changes });
        if (changed === undefined) throw notFound('organisation', orgId);
        return { result: changed, targetId: orgId, revoked: { kind: 'organisation', id: orgId } };
      },
    },
  });
}

/** `POST`, `GET /organisations`, `GET`, `PATCH /organisations/:orgId`, and `POST /organisations/:orgId/admin-token`. */
export function organisationRoutes(app: FastifyInstance, api: AdminApi): void {
  app.post('/organisations', async (request, reply) => reply.code(201).send(await create(api, request)));
  app.get('/organisations', async (request): Promise<Schemas['OrganisationPage']> => {
    const { items, nextCursor } = await listOrganisations(api.database, parsePage(request.query));
    return { organisations: items.map(shownOrganisation), nextCursor };
  });
  app.get<{ Params: { orgId: string } }>('/organisations/:orgId', async (request) => {
    const orgId = reachable(request);
    const organisation = await findOrganisation(api.database, { orgId });
    if (organisation === undefined) throw notFound('organisation', orgId);
    return shownOrganisation(organisation);
  });
  app.patch<{ Params: { orgId: string } }>('/organisations/:orgId', async (request) =>
    shownOrganisation(await change(api, request)),
  );
  app.post<{ Params: { orgId: string } }>('/organisations/:orgId/admin-token', async (request, reply) =>
    reply.code(201).send(await issueAdminToken(api, request)),
  );
}
