import type { Queryable } from '../database/database.ts';
import { randomIdentifier } from '../identifiers.ts';
import type { Role } from '../roles.ts';

/** The id of the organisation with this name, which is made when it is missing. */
export async function ensureOrganisation(transaction: Queryable, name: string): Promise<string> {
  const [row] = await transaction.query<{ id: string }>({
    operation: 'bootstrap',
    text: `insert into organisations (id, name) values ($1, $2)
      on conflict (name) do update set name = excluded.name returning id`,
    values: [`org_${randomIdentifier()}`, name],
  });
  if (row === undefined) throw new Error('The organisation was not returned.');
  return row.id;
}

/** The id of the organisation's user with this name, who is made with the role when missing. */
export async function ensureUser(
  transaction: Queryable,
  { orgId, name, role }: { orgId: string; name: string; role: Role },
): Promise<string> {
  const [row] = await transaction.query<{ id: string }>({
    operation: 'bootstrap',
    text: `insert into users (id, org_id, name, role) values ($1, $2, $3, $4)
      on conflict (org_id, name) do update set role = excluded.role returning id`,
    values: [`user_${randomIdentifier()}`, orgId, name, role],
  });
  if (row === undefined) throw new Error('The user was not returned.');
  return row.id;
}

/** Whether the organisation has a user with this id. */
export async function hasUser(
  database: Queryable,
  { orgId, userId }: { orgId: string; userId: string },
): Promise<boolean> {
  const rows = await database.query<{ id: string }>({
    operation: 'token_find',
    text: 'select id from users where id = $1 and org_id = $2',
    values: [userId, orgId],
  });
  return rows.length > 0;
}
