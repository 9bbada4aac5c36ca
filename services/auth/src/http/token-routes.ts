import type { components } from '@ibex/api/auth-http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { findAgent } from '../agents/agent-repository.ts';
import type { Queryable } from '../database/database.ts';
import { isIdentifier, isTokenIdentifier } from '../identifiers.ts';
import { type Role, roles } from '../roles.ts';
import { issueToken } from '../tokens/issue-token.ts';
import {
  findToken,
  listTokens,
  type NewToken,
  revokeToken,
  type Token,
  updateToken,
} from '../tokens/token-repository.ts';
import { findUser } from '../users/user-repository.ts';
import { type AdminApi, deletionBody } from './admin-api.ts';
import { mutate } from './mutate.ts';
import { invalidField, notFound } from './problem.ts';
import { limitsField, scopesField } from './rights-fields.ts';
import { rotate } from './rotate-token.ts';
import { shownIssuedToken, shownToken } from './shown-token.ts';
import { auditField, field, nameField, parse, parsePage, wholeNumber } from './validation.ts';

type Schemas = components['schemas'];
type TokenRequest = FastifyRequest<{ Params: { tokenId: string } }>;

const tenYearsInSeconds = 315_360_000;

function identifierField(kind: 'user' | 'agent') {
  return field<string>(
    `the id of ${kind === 'user' ? 'a user' : 'an agent'} of your organisation`,
    (value) => typeof value === 'string' && isIdentifier(kind, value),
  );
}

const issueBody = z.strictObject({
  name: nameField,
  role: z.enum(roles, { error: `one of ${roles.join(', ')}` }).optional(),
  userId: identifierField('user').optional(),
  agentId: identifierField('agent').optional(),
  expiresInSeconds: wholeNumber(1, tenYearsInSeconds).optional(),
  limits: limitsField,
  scopes: scopesField,
  audit: auditField,
});

const changeBody = z.strictObject({
  name: nameField.optional(),
  expiresInSeconds: wholeNumber(1, tenYearsInSeconds).nullish(),
  limits: limitsField,
  scopes: scopesField,
  audit: auditField,
});

function expiryIn(seconds: number | undefined): Date | null {
  return seconds === undefined ? null : new Date(Date.now() + seconds * 1000);
}

/** A token has the role of its user, or one of its own: never both. */
async function ownerOf(
  database: Queryable,
  { orgId, userId, role }: { orgId: string; userId: string | undefined; role: Role | undefined },
): Promise<NewToken['owner']> {
  if (userId === undefined) return { role: role ?? 'member' };
  if (role !== undefined) {
    const rule = 'left out when userId is given: the token then has the role of its user';
    throw invalidField({ field: 'role', rule, value: role });
  }
  if ((await findUser(database, { orgId, userId })) !== undefined) return { userId };
  throw invalidField({ field: 'userId', rule: 'the id of a user of your organisation', value: userId });
}

async function checkAgent(
  database: Queryable,
  { orgId, agentId }: { orgId: string; agentId: string | undefined },
): Promise<void> {
  if (agentId === undefined) return;
  const agent = await findAgent(database, { orgId, agentId });
  if (agent !== undefined && agent.disabledAt === null) return;
  const rule = 'the id of an agent of your organisation that is not disabled';
  throw invalidField({ field: 'agentId', rule, value: agentId });
}

async function issue(api: AdminApi, request: FastifyRequest): Promise<Schemas['IssuedToken']> {
  const { audit, ...body } = parse(issueBody, request.body);
  const issued = await mutate(api, {
    request,
    mutation: {
      action: 'token.issue',
      audit,
      change: async (transaction, { id: orgId }) => {
        const { name, agentId, limits = {}, scopes = {} } = body;
        const owner = await ownerOf(transaction, { orgId, userId: body.userId, role: body.role });
        await checkAgent(transaction, { orgId, agentId });
        const result = await issueToken(transaction, {
          hasher: api.hasher,
          token: {
            orgId,
            owner,
            name,
            origin: 'issued',
            expiresAt: expiryIn(body.expiresInSeconds),
            agentId: agentId ?? null,
            limits,
            scopes,
          },
        });
        return { result, targetId: result.token.id };
      },
    },
  });
  return shownIssuedToken(issued);
}

async function change(api: AdminApi, request: TokenRequest): Promise<Token> {
  const { tokenId } = request.params;
  const { audit, ...body } = parse(changeBody, request.body);
  if (!isTokenIdentifier(tokenId)) throw notFound('token', tokenId);
  return mutate(api, {
    request,
    mutation: {
      action: 'token.update',
      audit,
      change: async (transaction, { id: orgId }) => {
        const token = await findToken(transaction, { orgId, tokenId, lock: true });
        if (token === undefined) throw notFound('token', tokenId);
        const { expiresInSeconds } = body;
        const changes = {
          name: body.name ?? token.name,
          expiresAt:
            expiresInSeconds === undefined ? token.expiresAt : expiryIn(expiresInSeconds ?? undefined),
          limits: { ...token.limits, ...body.limits },
          scopes: { ...token.scopes, ...body.scopes },
        };
        await updateToken(transaction, { tokenId, changes });
        return {
          result: { ...token, ...changes },
          targetId: tokenId,
          revoked: { kind: 'token', id: tokenId },
        };
      },
    },
  });
}

async function revoke(api: AdminApi, request: TokenRequest): Promise<void> {
  const { tokenId } = request.params;
  const audit = parse(deletionBody, request.body)?.audit;
  if (!isTokenIdentifier(tokenId)) throw notFound('token', tokenId);
  await mutate(api, {
    request,
    mutation: {
      action: 'token.revoke',
      audit,
      change: async (transaction, { id: orgId }) => {
        const outcome = await revokeToken(transaction, { orgId, tokenId });
        if (outcome === 'not_found') throw notFound('token', tokenId);
        const targetId = outcome === 'revoked' ? tokenId : undefined;
        return { result: undefined, targetId, revoked: { kind: 'token', id: tokenId } };
      },
    },
  });
}

/** `POST`, `GET /tokens`, `PATCH`, `DELETE /tokens/:tokenId` and `POST /tokens/:tokenId/rotate`. */
export function tokenRoutes(app: FastifyInstance, api: AdminApi): void {
  app.post('/tokens', async (request, reply) => reply.code(201).send(await issue(api, request)));
  app.get('/tokens', async (request): Promise<Schemas['TokenPage']> => {
    const page = parsePage(request.query);
    const { items, nextCursor } = await listTokens(api.database, { orgId: request.principal.orgId, page });
    return { tokens: items.map(shownToken), nextCursor };
  });
  app.patch<{ Params: { tokenId: string } }>('/tokens/:tokenId', async (request) =>
    shownToken(await change(api, request)),
  );
  app.delete<{ Params: { tokenId: string } }>('/tokens/:tokenId', async (request, reply) => {
    await revoke(api, request);
    return reply.code(204).send();
  });
  app.post<{ Params: { tokenId: string } }>('/tokens/:tokenId/rotate', async (request, reply) =>
    reply.code(201).send(await rotate(api, request)),
  );
}
