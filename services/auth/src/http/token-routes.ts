import type { components } from '@ibex/api/auth-http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { insertAuditEntry } from '../audit/audit-repository.ts';
import type { Queryable } from '../database/database.ts';
import { isIdentifier, isTokenIdentifier } from '../identifiers.ts';
import { hasUser } from '../organisations/organisation-repository.ts';
import { type Role, roles } from '../roles.ts';
import { issueToken } from '../tokens/issue-token.ts';
import { listTokens, type NewToken, revokeToken, type Token } from '../tokens/token-repository.ts';
import { type AdminApi, deedOf, deletionBody } from './admin-api.ts';
import { invalidField, notFound } from './problem.ts';
import { auditField, field, nameField, parse, parseAudit, parsePage, wholeNumber } from './validation.ts';

type Schemas = components['schemas'];

const tenYearsInSeconds = 315_360_000;

const issueBody = z.strictObject({
  name: nameField,
  role: z.enum(roles, { error: `one of ${roles.join(', ')}` }).optional(),
  userId: field<string>(
    'the id of a user of your organisation',
    (value) => typeof value === 'string' && isIdentifier('user', value),
  ).optional(),
  expiresInSeconds: wholeNumber(1, tenYearsInSeconds).optional(),
  audit: auditField,
});

/** A token as the API shows it. */
function shownToken(token: Token): Schemas['Token'] {
  return {
    id: token.id,
    name: token.name,
    role: token.role,
    userId: token.userId,
    createdAtUnixMs: token.createdAt.getTime(),
    expiresAtUnixMs: token.expiresAt?.getTime() ?? null,
    revokedAtUnixMs: token.revokedAt?.getTime() ?? null,
  };
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
  if (await hasUser(database, { orgId, userId })) return { userId };
  throw invalidField({ field: 'userId', rule: 'the id of a user of your organisation', value: userId });
}

async function issue(api: AdminApi, request: FastifyRequest): Promise<Schemas['IssuedToken']> {
  const body = parse(issueBody, request.body);
  const deed = deedOf(request, parseAudit(api.telemetry, body.audit));
  const { orgId } = request.principal;
  const lifetimeMs = body.expiresInSeconds === undefined ? undefined : body.expiresInSeconds * 1000;
  const { token, text } = await api.database.transaction(async (transaction) => {
    const owner = await ownerOf(transaction, { orgId, userId: body.userId, role: body.role });
    return issueToken(transaction, {
      hasher: api.hasher,
      token: {
        orgId,
        owner,
        name: body.name,
        origin: 'issued',
        expiresAt: lifetimeMs === undefined ? null : new Date(Date.now() + lifetimeMs),
      },
      deed,
    });
  });
  return { token: text, ...shownToken(token) };
}

async function revoke(
  api: AdminApi,
  request: FastifyRequest<{ Params: { tokenId: string } }>,
): Promise<void> {
  const { tokenId } = request.params;
  const deed = deedOf(request, parseAudit(api.telemetry, parse(deletionBody, request.body)?.audit));
  if (!isTokenIdentifier(tokenId)) throw notFound('token', tokenId);
  const { orgId } = request.principal;
  await api.database.transaction(async (transaction) => {
    const outcome = await revokeToken(transaction, { orgId, tokenId });
    if (outcome === 'not_found') throw notFound('token', tokenId);
    if (outcome === 'already_revoked') return;
    await insertAuditEntry(transaction, { ...deed, orgId, action: 'token.revoke', targetId: tokenId });
  });
}

/** `POST`, `GET /tokens` and `DELETE /tokens/:tokenId`. */
export function tokenRoutes(app: FastifyInstance, api: AdminApi): void {
  app.post('/tokens', async (request, reply) => reply.code(201).send(await issue(api, request)));
  app.get('/tokens', async (request): Promise<Schemas['TokenPage']> => {
    const page = parsePage(request.query);
    const { items, nextCursor } = await listTokens(api.database, { orgId: request.principal.orgId, page });
    return { tokens: items.map(shownToken), nextCursor };
  });
  app.delete<{ Params: { tokenId: string } }>('/tokens/:tokenId', async (request, reply) => {
    await revoke(api, request);
    return reply.code(204).send();
  });
}
