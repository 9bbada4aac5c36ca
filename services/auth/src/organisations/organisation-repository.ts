import type { Queryable } from '../database/database.ts';
import { randomIdentifier } from '../identifiers.ts';
import { type Page, type PageRequest, pageOf } from '../page.ts';
import { type Limits, limitsOf, type StoredLimits } from '../rights.ts';

/** A tenant: everything belongs to one. */
export interface Organisation {
  readonly id: string;
  readonly name: string;
  readonly limits: Limits;
  /** It allows its prompts and answers to be recorded. */
  readonly captureContent: boolean;
  /** It runs this installation: its admins manage the organisations. */
  readonly operates: boolean;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

/** What may change about an organisation; what is absent stays. */
export interface OrganisationChanges {
  readonly name?: string | undefined;
  readonly limits?: Partial<Limits> | undefined;
  readonly captureContent?: boolean | undefined;
  readonly disabled?: boolean | undefined;
}

interface OrganisationRow {
  readonly sequence: string;
  readonly id: string;
  readonly name: string;
  readonly limits: StoredLimits;
  readonly capture_content: boolean;
  readonly operates: boolean;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
}

const organisationColumns =
  'sequence::text as sequence, id, name, limits, capture_content, operates, created_at, disabled_at';

function organisationOf(row: OrganisationRow): Organisation {
  return {
    id: row.id,
    name: row.name,
    limits: limitsOf(row.limits),
    captureContent: row.capture_content,
    operates: row.operates,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  };
}

export async function findOrganisation(
  database: Queryable,
  { orgId, lock = false }: { orgId: string; lock?: boolean },
): Promise<Organisation | undefined> {
  const [row] = await database.query<OrganisationRow>({
    operation: 'organisation_find',
    text: `select ${organisationColumns} from organisations where id = $1${lock ? ' for update' : ''}`,
    values: [orgId],
  });
  return row === undefined ? undefined : organisationOf(row);
}

export async function listOrganisations(database: Queryable, page: PageRequest): Promise<Page<Organisation>> {
  const rows = await database.query<OrganisationRow>({
    operation: 'organisation_list',
    text: `select ${organisationColumns} from organisations o
      where $1::bigint is null or o.sequence < $1::bigint
      order by o.sequence desc limit $2`,
    values: [page.before ?? null, page.limit + 1],
  });
  return pageOf(rows, { limit: page.limit, map: organisationOf });
}

/** Makes an organisation; undefined when another one has the name. */
export async function insertOrganisation(
  transaction: Queryable,
  { name, limits, captureContent }: { name: string; limits: Partial<Limits>; captureContent: boolean },
): Promise<Organisation | undefined> {
  const [row] = await transaction.query<OrganisationRow>({
    operation: 'organisation_insert',
    text: `insert into organisations (id, name, limits, capture_content) values ($1, $2, $3::text::jsonb, $4)
      on conflict (name) do nothing returning ${organisationColumns}`,
    values: [`org_${randomIdentifier()}`, name, JSON.stringify(limits), captureContent],
  });
  return row === undefined ? undefined : organisationOf(row);
}

/** Changes an organisation; undefined when there is none with this id. */
export async function updateOrganisation(
  transaction: Queryable,
  { orgId, changes }: { orgId: string; changes: OrganisationChanges },
): Promise<Organisation | undefined> {
  const [row] = await transaction.query<OrganisationRow>({
    operation: 'organisation_update',
    text: `update organisations set
        name = coalesce($2, name),
        limits = limits || $3::text::jsonb,
        capture_content = coalesce($4, capture_content),
        disabled_at = case when $5::boolean is null then disabled_at when $5 then coalesce(disabled_at, now()) end
      where id = $1 returning ${organisationColumns}`,
    values: [
      orgId,
      changes.name ?? null,
      JSON.stringify(changes.limits ?? {}),
      changes.captureContent ?? null,
      changes.disabled ?? null,
    ],
  });
  return row === undefined ? undefined : organisationOf(row);
}

/** Whether another organisation has the name. */
export async function isNameTaken(
  database: Queryable,
  { orgId, name }: { orgId: string; name: string },
): Promise<boolean> {
  const rows = await database.query<{ id: string }>({
    operation: 'organisation_find',
    text: 'select id from organisations where name = $1 and id <> $2',
    values: [name, orgId],
  });
  return rows.length > 0;
}

/** The id of the organisation with this name, which is made when it is missing. */
export async function ensureOrganisation(
  transaction: Queryable,
  name: string,
  { operates = false }: { operates?: boolean } = {},
): Promise<string> {
  const [row] = await transaction.query<{ id: string }>({
    operation: 'bootstrap',
    text: `insert into organisations (id, name, operates) values ($1, $2, $3)
      on conflict (name) do update set name = excluded.name returning id`,
    values: [`org_${randomIdentifier()}`, name, operates],
  });
  if (row === undefined) throw new Error('The organisation was not returned.');
  return row.id;
}
