import type { Queryable } from '../database/database.ts';
import { randomIdentifier } from '../identifiers.ts';
import { listOfOrganisation, type OrganisationList, type Page, type PageRequest } from '../page.ts';
import type { Role } from '../roles.ts';

/** A person of an organisation; disabled ones are refused and kept for the record. */
export interface User {
  readonly id: string;
  readonly orgId: string;
  readonly name: string;
  readonly role: Role;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

/** What may change about a user; what is absent stays. */
export interface UserChanges {
  readonly role?: Role | undefined;
  readonly disabled?: boolean | undefined;
}

interface UserRow {
  readonly sequence: string;
  readonly id: string;
  readonly org_id: string;
  readonly name: string;
  readonly role: Role;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
}

const userColumns = 'sequence::text as sequence, id, org_id, name, role, created_at, disabled_at';

function userOf(row: UserRow): User {
  return {
    id: row.id,
    orgId: row.org_id,
    name: row.name,
    role: row.role,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  };
}

/** A user of the organisation; undefined for any other. With `lock` nobody else changes it until the transaction ends. */
export async function findUser(
  database: Queryable,
  { orgId, userId, lock = false }: { orgId: string; userId: string; lock?: boolean },
): Promise<User | undefined> {
  const [row] = await database.query<UserRow>({
    operation: 'user_find',
    text: `select ${userColumns} from users where id = $1 and org_id = $2${lock ? ' for update' : ''}`,
    values: [userId, orgId],
  });
  return row === undefined ? undefined : userOf(row);
}

const userList = {
  operation: 'user_list',
  columns: userColumns,
  from: 'users t',
  map: userOf,
} as const satisfies OrganisationList<UserRow, User>;

export function listUsers(
  database: Queryable,
  { orgId, page }: { orgId: string; page: PageRequest },
): Promise<Page<User>> {
  return listOfOrganisation(database, { list: userList, orgId, page });
}

/** Makes a user; undefined when the organisation has one with the name. */
export async function insertUser(
  transaction: Queryable,
  { orgId, name, role }: { orgId: string; name: string; role: Role },
): Promise<User | undefined> {
  const [row] = await transaction.query<UserRow>({
    operation: 'user_insert',
    text: `insert into users (id, org_id, name, role) values ($1, $2, $3, $4)
      on conflict (org_id, name) do nothing returning ${userColumns}`,
    values: [`user_${randomIdentifier()}`, orgId, name, role],
  });
  return row === undefined ? undefined : userOf(row);
}

/** Changes a user of the organisation; undefined when it has none with this id. */
export async function updateUser(
  transaction: Queryable,
  { orgId, userId, changes }: { orgId: string; userId: string; changes: UserChanges },
): Promise<User | undefined> {
  const [row] = await transaction.query<UserRow>({
    operation: 'user_update',
    text: `update users set
        role = coalesce($3, role),
        disabled_at = case when $4::boolean is null then disabled_at when $4 then coalesce(disabled_at, now()) end
      where id = $1 and org_id = $2 returning ${userColumns}`,
    values: [userId, orgId, changes.role ?? null, changes.disabled ?? null],
  });
  return row === undefined ? undefined : userOf(row);
}

/** Whether the organisation has an admin who is not disabled, besides this user. */
export async function hasOtherAdmin(
  database: Queryable,
  { orgId, userId }: { orgId: string; userId: string },
): Promise<boolean> {
  const rows = await database.query<{ id: string }>({
    operation: 'user_find',
    text: `select id from users where org_id = $1 and id <> $2 and role = 'admin' and disabled_at is null limit 1`,
    values: [orgId, userId],
  });
  return rows.length > 0;
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
