import type { FastifyRequest } from 'fastify';
import { type AuditAction, insertAuditEntry } from '../audit/audit-repository.ts';
import type { Queryable } from '../database/database.ts';
import { findOrganisation, type Organisation } from '../organisations/organisation-repository.ts';
import { publishRevocation, type RevokedSubject } from '../revocations/revocation-repository.ts';
import type { AdminApi } from './admin-api.ts';
import { notFound } from './problem.ts';
import { parseAudit } from './validation.ts';

/** What a change did. */
export interface Changed<Result> {
  readonly result: Result;
  /** What it was done to; undefined when all was as wanted already: then there is nothing to record. */
  readonly targetId: string | undefined;
  /** Of what verdicts given before hold no longer. */
  readonly revoked?: RevokedSubject;
}

export interface Mutation<Result> {
  readonly action: AuditAction;
  /** Whose it is; by default the caller's organisation. */
  readonly orgId?: string;
  /** What the caller says about it. */
  readonly audit: Record<string, unknown> | undefined;
  /** Changes the database; what it throws undoes everything. */
  readonly change: (transaction: Queryable, tenant: Organisation) => Promise<Changed<Result>>;
}

/** The organisation, locked until the transaction ends, so that changes within it happen one after the other. */
async function resolveTenant(transaction: Queryable, orgId: string): Promise<Organisation> {
  const tenant = await findOrganisation(transaction, { orgId, lock: true });
  if (tenant === undefined) throw notFound('organisation', orgId);
  return tenant;
}

/**
 * Makes a change: its tenant is resolved, the change made, its audit entry written and its revocation published in one
 * transaction, each of the first three in a span of its own. Without the entry the change does not stand.
 */
export async function mutate<Result>(
  api: AdminApi,
  { request, mutation }: { request: FastifyRequest; mutation: Mutation<Result> },
): Promise<Result> {
  const { database, telemetry, audit } = api;
  const { tokenId, userId, orgId: ownOrgId } = request.principal;
  const { action, orgId = ownOrgId } = mutation;
  const metadata = parseAudit(telemetry, mutation.audit);
  return database.transaction(async (transaction) => {
    const tenant = await telemetry.tracer.withSpan('tenant.resolve', { attributes: { org_id: orgId } }, () =>
      resolveTenant(transaction, orgId),
    );
    const { result, targetId, revoked } = await telemetry.tracer.withSpan(`domain.${action}`, {}, () =>
      mutation.change(transaction, tenant),
    );
    if (targetId === undefined) return result;
    await audit.record(
      {
        action,
        actor: { tokenId, userId: userId ?? null },
        // What happens to an organisation stands in its own log, whoever did it.
        resource: { orgId: targetId.startsWith('org_') ? targetId : orgId, id: targetId },
        metadata,
      },
      { write: (entry) => insertAuditEntry(transaction, entry) },
    );
    if (revoked !== undefined) await publishRevocation(transaction, revoked);
    return result;
  });
}
