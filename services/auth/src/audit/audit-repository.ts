import type { AuditActor, AuditMetadata, AuditEntry as NewAuditEntry } from '@ibex/telemetry/audit';
import type { Queryable } from '../database/database.ts';
import { listOfOrganisation, type OrganisationList, type Page, type PageRequest } from '../page.ts';

/** What was done, as `<kind of thing>.<deed>`. */
export const auditActions = [
  'token.issue',
  'token.update',
  'token.rotate',
  'token.revoke',
  'agent.create',
  'agent.update',
  'agent.disable',
  'user.create',
  'user.update',
  'organisation.create',
  'organisation.update',
  'request.kill',
  'request.kill_missed',
] as const;

export type AuditAction = (typeof auditActions)[number];

/** An entry as it was kept. */
export interface AuditEntry {
  readonly id: string;
  readonly orgId: string;
  readonly actor: AuditActor;
  readonly action: AuditAction;
  readonly targetId: string;
  readonly metadata: AuditMetadata;
  readonly requestId: string | null;
  readonly createdAt: Date;
}

interface AuditRow {
  readonly sequence: string;
  readonly org_id: string;
  readonly actor_token_id: string | null;
  readonly actor_user_id: string | null;
  readonly action: AuditAction;
  readonly target_id: string;
  readonly metadata: AuditMetadata;
  readonly request_id: string | null;
  readonly created_at: Date;
}

function entryOf(row: AuditRow): AuditEntry {
  return {
    id: row.sequence,
    orgId: row.org_id,
    actor: { tokenId: row.actor_token_id, userId: row.actor_user_id },
    action: row.action,
    targetId: row.target_id,
    metadata: row.metadata,
    requestId: row.request_id,
    createdAt: row.created_at,
  };
}

/** Writes an entry. Called in the transaction of what it records, so that neither exists without the other. */
export async function insertAuditEntry(
  transaction: Queryable,
  entry: NewAuditEntry<AuditAction>,
): Promise<void> {
  await transaction.query({
    operation: 'audit_insert',
    text: `insert into audit_log (org_id, actor_token_id, actor_user_id, action, target_id, metadata, request_id)
      values ($1, $2, $3, $4, $5, $6::text::jsonb, $7)`,
    values: [
      entry.resource.orgId,
      entry.actor.tokenId,
      entry.actor.userId,
      entry.action,
      entry.resource.id,
      JSON.stringify(entry.metadata),
      entry.requestId,
    ],
  });
}

const auditList = {
  operation: 'audit_list',
  columns: `sequence::text as sequence, org_id, actor_token_id, actor_user_id, action, target_id, metadata,
    request_id, created_at`,
  from: 'audit_log t',
  map: entryOf,
} as const satisfies OrganisationList<AuditRow, AuditEntry>;

export function listAuditEntries(
  database: Queryable,
  { orgId, page }: { orgId: string; page: PageRequest },
): Promise<Page<AuditEntry>> {
  return listOfOrganisation(database, { list: auditList, orgId, page });
}
