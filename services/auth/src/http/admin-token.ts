import type { components } from '@ibex/api/auth-http';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isIdentifier } from '../identifiers.ts';
import { issueToken } from '../tokens/issue-token.ts';
import type { AdminApi } from './admin-api.ts';
import { mutate } from './mutate.ts';
import { conflict, notFound } from './problem.ts';
import { shownIssuedToken } from './shown-token.ts';
import { auditField, parse } from './validation.ts';

const dayMs = 86_400_000;
const body = z.strictObject({ audit: auditField }).nullish();

/**
 * `POST /organisations/:orgId/admin-token`: lets an organisation in again whose admins have lost or revoked all of their
 * tokens. It is valid for a day, in which they make one of their own, and stands in their audit log.
 */
export async function issueAdminToken(
  api: AdminApi,
  request: FastifyRequest<{ Params: { orgId: string } }>,
): Promise<components['schemas']['IssuedToken']> {
  const { orgId } = request.params;
  const audit = parse(body, request.body)?.audit;
  if (!isIdentifier('org', orgId)) throw notFound('organisation', orgId);
  const issued = await mutate(api, {
    request,
    mutation: {
      action: 'token.issue',
      orgId,
      audit,
      change: async (transaction, { name, disabledAt }) => {
        if (disabledAt !== null) {
          throw conflict(
            'organisation_disabled',
            `"${name}" is disabled, and so are its tokens. Enable it first.`,
          );
        }
        const result = await issueToken(transaction, {
          hasher: api.hasher,
          token: {
            orgId,
            owner: { role: 'admin' },
            name: 'admin token of the operator',
            origin: 'issued',
            expiresAt: new Date(Date.now() + dayMs),
          },
        });
        return { result, targetId: result.token.id };
      },
    },
  });
  return shownIssuedToken(issued);
}
