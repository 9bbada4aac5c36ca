import type { components } from '@ibex/api/auth-http';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Queryable } from '../database/database.ts';
import { isIdentifier } from '../identifiers.ts';
import { roles } from '../roles.ts';
import {
  findUser,
  hasOtherAdmin,
  insertUser,
  listUsers,
  type User,
  type UserChanges,
  updateUser,
} from '../users/user-repository.ts';
import type { AdminApi } from './admin-api.ts';
import { mutate } from './mutate.ts';
import { conflict, notFound } from './problem.ts';
import { auditField, field, nameField, parse, parsePage } from './validation.ts';

type Schemas = components['schemas'];
type UserRequest = FastifyRequest<{ Params: { userId: string } }>;

const roleField = z.enum(roles, { error: `one of ${roles.join(', ')}` });
const createBody = z.strictObject({ name: nameField, role: roleField, audit: auditField });
const changeBody = z.strictObject({
  role: roleField.optional(),
  disabled: field<boolean>('true or false', (value) => typeof value === 'boolean').optional(),
  audit: auditField,
});

/** A user as the API shows it. */
function shownUser(user: User): Schemas['User'] {
  return {
    id: user.id,
    name: user.name,
    role: user.role,
    createdAtUnixMs: user.createdAt.getTime(),
    disabledAtUnixMs: user.disabledAt?.getTime() ?? null,
  };
}

async function create(api: AdminApi, request: FastifyRequest): Promise<User> {
  const { name, role, audit } = parse(createBody, request.body);
  return mutate(api, {
    request,
    mutation: {
      action: 'user.create',
      audit,
      change: async (transaction, { id: orgId }) => {
        const user = await insertUser(transaction, { orgId, name, role });
        if (user === undefined)
          throw conflict('name_taken', `Your organisation has a user "${name}" already.`);
        return { result: user, targetId: user.id };
      },
    },
  });
}

/** An organisation without an admin could never be managed again. */
async function keepAnAdmin(
  transaction: Queryable,
  { user, changes }: { user: User; changes: UserChanges },
): Promise<void> {
  const isAdmin = user.role === 'admin' && user.disabledAt === null;
  const staysAdmin = (changes.role ?? user.role) === 'admin' && changes.disabled !== true;
  if (!isAdmin || staysAdmin) return;
  if (await hasOtherAdmin(transaction, { orgId: user.orgId, userId: user.id })) return;
  throw conflict(
    'last_admin',
    `"${user.name}" is the last admin of your organisation. Make another one first.`,
  );
}

async function change(api: AdminApi, request: UserRequest): Promise<User> {
  const { userId } = request.params;
  const { audit, ...changes } = parse(changeBody, request.body);
  if (!isIdentifier('user', userId)) throw notFound('user', userId);
  return mutate(api, {
    request,
    mutation: {
      action: 'user.update',
      audit,
      change: async (transaction, { id: orgId }) => {
        const user = await findUser(transaction, { orgId, userId });
        if (user === undefined) throw notFound('user', userId);
        await keepAnAdmin(transaction, { user, changes });
        const changed = await updateUser(transaction, { orgId, userId, changes });
        return { result: changed ?? user, targetId: userId, revoked: { kind: 'user', id: userId } };
      },
    },
  });
}

/** `POST`, `GET /users`, and `PATCH /users/:userId`. */
export function userRoutes(app: FastifyInstance, api: AdminApi): void {
  app.post('/users', async (request, reply) => reply.code(201).send(shownUser(await create(api, request))));
  app.get('/users', async (request): Promise<Schemas['UserPage']> => {
    const page = parsePage(request.query);
    const { items, nextCursor } = await listUsers(api.database, { orgId: request.principal.orgId, page });
    return { users: items.map(shownUser), nextCursor };
  });
  app.patch<{ Params: { userId: string } }>('/users/:userId', async (request) =>
    shownUser(await change(api, request)),
  );
}
