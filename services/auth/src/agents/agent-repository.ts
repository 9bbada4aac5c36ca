import type { Queryable } from '../database/database.ts';
import { listOfOrganisation, type OrganisationList, type Page, type PageRequest } from '../page.ts';
import {
  type Limits,
  limitsOf,
  type Scopes,
  type StoredLimits,
  type StoredScopes,
  scopesOf,
} from '../rights.ts';

/** Something that acts in an organisation's name; disabled ones are refused and kept for the record. */
export interface Agent {
  readonly id: string;
  readonly orgId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
  readonly limits: Limits;
  readonly scopes: Scopes;
}

interface AgentRow {
  readonly sequence: string;
  readonly id: string;
  readonly org_id: string;
  readonly name: string;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
  readonly limits: StoredLimits;
  readonly scopes: StoredScopes;
}

const agentColumns = 'sequence::text as sequence, id, org_id, name, created_at, disabled_at, limits, scopes';

function agentOf(row: AgentRow): Agent {
  return {
    id: row.id,
    orgId: row.org_id,
    name: row.name,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
    limits: limitsOf(row.limits),
    scopes: scopesOf(row.scopes),
  };
}

/** What may change about an agent; what is absent stays. */
export interface AgentChanges {
  readonly name?: string | undefined;
  readonly limits?: Partial<Limits> | undefined;
  readonly scopes?: Partial<Scopes> | undefined;
}

export async function findAgent(
  database: Queryable,
  { orgId, agentId }: { orgId: string; agentId: string },
): Promise<Agent | undefined> {
  const [row] = await database.query<AgentRow>({
    operation: 'agent_find',
    text: `select ${agentColumns} from agents where id = $1 and org_id = $2`,
    values: [agentId, orgId],
    preparedAs: 'agent_find',
  });
  return row === undefined ? undefined : agentOf(row);
}

const agentList = {
  operation: 'agent_list',
  columns: agentColumns,
  from: 'agents t',
  map: agentOf,
} as const satisfies OrganisationList<AgentRow, Agent>;

export function listAgents(
  database: Queryable,
  { orgId, page }: { orgId: string; page: PageRequest },
): Promise<Page<Agent>> {
  return listOfOrganisation(database, { list: agentList, orgId, page });
}

export async function insertAgent(
  transaction: Queryable,
  agent: Pick<Agent, 'id' | 'orgId' | 'name'> & Pick<AgentChanges, 'limits' | 'scopes'>,
): Promise<Agent> {
  const [row] = await transaction.query<AgentRow>({
    operation: 'agent_insert',
    text: `insert into agents (id, org_id, name, limits, scopes)
      values ($1, $2, $3, $4::text::jsonb, $5::text::jsonb) returning ${agentColumns}`,
    values: [
      agent.id,
      agent.orgId,
      agent.name,
      JSON.stringify(agent.limits ?? {}),
      JSON.stringify(agent.scopes ?? {}),
    ],
  });
  if (row === undefined) throw new Error('The inserted agent was not returned.');
  return agentOf(row);
}

/** Changes an agent of the organisation; undefined when it has none with this id. */
export async function updateAgent(
  transaction: Queryable,
  { orgId, agentId, changes }: Pick<Agent, 'orgId'> & { agentId: string; changes: AgentChanges },
): Promise<Agent | undefined> {
  const [row] = await transaction.query<AgentRow>({
    operation: 'agent_update',
    text: `update agents set name = coalesce($3, name),
        limits = limits || $4::text::jsonb, scopes = scopes || $5::text::jsonb
      where id = $1 and org_id = $2 returning ${agentColumns}`,
    values: [
      agentId,
      orgId,
      changes.name ?? null,
      JSON.stringify(changes.limits ?? {}),
      JSON.stringify(changes.scopes ?? {}),
    ],
  });
  return row === undefined ? undefined : agentOf(row);
}

/** Disables an agent of the organisation. Says whether it was enabled, already disabled, or not the organisation's. */
export async function disableAgent(
  transaction: Queryable,
  { orgId, agentId }: { orgId: string; agentId: string },
): Promise<'disabled' | 'already_disabled' | 'not_found'> {
  const disabled = await transaction.query<{ id: string }>({
    operation: 'agent_revoke',
    text: `update agents set disabled_at = now()
      where id = $1 and org_id = $2 and disabled_at is null returning id`,
    values: [agentId, orgId],
  });
  if (disabled.length > 0) return 'disabled';
  return (await findAgent(transaction, { orgId, agentId })) === undefined ? 'not_found' : 'already_disabled';
}
