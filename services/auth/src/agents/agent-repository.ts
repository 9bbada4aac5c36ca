import type { Queryable } from '../database/database.ts';
import { type Page, type PageRequest, pageOf } from '../page.ts';

/** Something that acts in an organisation's name; disabled ones are refused and kept for the record. */
export interface Agent {
  readonly id: string;
  readonly orgId: string;
  readonly name: string;
  readonly createdAt: Date;
  readonly disabledAt: Date | null;
}

interface AgentRow {
  readonly sequence: string;
  readonly id: string;
  readonly org_id: string;
  readonly name: string;
  readonly created_at: Date;
  readonly disabled_at: Date | null;
}

const agentColumns = 'sequence::text as sequence, id, org_id, name, created_at, disabled_at';

function agentOf(row: AgentRow): Agent {
  return {
    id: row.id,
    orgId: row.org_id,
    name: row.name,
    createdAt: row.created_at,
    disabledAt: row.disabled_at,
  };
}

export async function findAgent(
  database: Queryable,
  { orgId, agentId }: { orgId: string; agentId: string },
): Promise<Agent | undefined> {
  const [row] = await database.query<AgentRow>({
    operation: 'agent_find',
    text: `select ${agentColumns} from agents where id = $1 and org_id = $2`,
    values: [agentId, orgId],
  });
  return row === undefined ? undefined : agentOf(row);
}

export async function listAgents(
  database: Queryable,
  { orgId, page }: { orgId: string; page: PageRequest },
): Promise<Page<Agent>> {
  const rows = await database.query<AgentRow>({
    operation: 'agent_list',
    text: `select ${agentColumns} from agents a
      where a.org_id = $1 and ($2::bigint is null or a.sequence < $2::bigint)
      order by a.sequence desc limit $3`,
    values: [orgId, page.before ?? null, page.limit + 1],
  });
  return pageOf(rows, { limit: page.limit, map: agentOf });
}

export async function insertAgent(
  transaction: Queryable,
  agent: Pick<Agent, 'id' | 'orgId' | 'name'>,
): Promise<Agent> {
  const [row] = await transaction.query<AgentRow>({
    operation: 'agent_insert',
    text: `insert into agents (id, org_id, name) values ($1, $2, $3) returning ${agentColumns}`,
    values: [agent.id, agent.orgId, agent.name],
  });
  if (row === undefined) throw new Error('The inserted agent was not returned.');
  return agentOf(row);
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
