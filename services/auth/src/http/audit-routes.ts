import type { components } from '@ibex/api/auth-http';
import type { FastifyInstance } from 'fastify';
import { type AuditEntry, listAuditEntries } from '../audit/audit-repository.ts';
import type { AdminApi } from './admin-api.ts';
import { parsePage } from './validation.ts';

type Schemas = components['schemas'];

/** An audit entry as the API shows it. */
function shownEntry(entry: AuditEntry): Schemas['AuditEntry'] {
  return {
    id: entry.id,
    action: entry.action,
    targetId: entry.targetId,
    actorTokenId: entry.actor.tokenId,
    actorUserId: entry.actor.userId,
    metadata: entry.metadata,
    requestId: entry.requestId,
    createdAtUnixMs: entry.createdAt.getTime(),
  };
}

/** `GET /audit`. */
export function auditRoutes(app: FastifyInstance, api: AdminApi): void {
  app.get('/audit', async (request): Promise<Schemas['AuditPage']> => {
    const page = parsePage(request.query);
    const { orgId } = request.principal;
    const { items, nextCursor } = await listAuditEntries(api.database, { orgId, page });
    return { entries: items.map(shownEntry), nextCursor };
  });
}
