import type { components } from '@ibex/api/auth-http';
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { isTokenIdentifier } from '../identifiers.ts';
import { issueToken } from '../tokens/issue-token.ts';
import { findToken, type NewToken, replaceToken, type Token } from '../tokens/token-repository.ts';
import type { AdminApi } from './admin-api.ts';
import { mutate } from './mutate.ts';
import { conflict, notFound, type Problem } from './problem.ts';
import { shownIssuedToken } from './shown-token.ts';
import { auditField, parse, wholeNumber } from './validation.ts';

const defaultOverlapSeconds = 3600;
const maximumOverlapSeconds = 30 * 86_400;
const tenYearsInSeconds = 315_360_000;

const rotateBody = z
  .strictObject({
    overlapSeconds: wholeNumber(0, maximumOverlapSeconds).optional(),
    expiresInSeconds: wholeNumber(1, tenYearsInSeconds).optional(),
    audit: auditField,
  })
  .nullish();

/** Why a token can have no successor; undefined when it can. */
function hindrance(token: Token): Problem | undefined {
  const advice = 'Issue a new token instead.';
  if (token.revokedAt !== null) return conflict('token_revoked', `The token was revoked. ${advice}`);
  if (token.rotatedTo !== null) {
    return conflict(
      'token_rotated',
      `The token was rotated already, to ${token.rotatedTo}. Rotate that one.`,
    );
  }
  const expired = token.expiresAt !== null && token.expiresAt.getTime() <= Date.now();
  return expired ? conflict('token_expired', `The token has expired. ${advice}`) : undefined;
}

/** A successor has everything of the token but its text and, where none was asked for, its time to live. */
function successorOf(token: Token, expiresInSeconds: number | undefined): Omit<NewToken, 'id' | 'hash'> {
  const { orgId, userId, role, name, agentId, limits, scopes } = token;
  const lifetimeMs =
    expiresInSeconds === undefined
      ? token.expiresAt && token.expiresAt.getTime() - token.createdAt.getTime()
      : expiresInSeconds * 1000;
  return {
    orgId,
    owner: userId === null ? { role } : { userId },
    name,
    origin: 'issued',
    expiresAt: lifetimeMs === null ? null : new Date(Date.now() + lifetimeMs),
    agentId,
    limits,
    scopes,
  };
}

/** Issues a token in place of another, which goes on being valid for an overlap. */
export async function rotate(
  api: AdminApi,
  request: FastifyRequest<{ Params: { tokenId: string } }>,
): Promise<components['schemas']['IssuedToken']> {
  const { tokenId } = request.params;
  const {
    overlapSeconds = defaultOverlapSeconds,
    expiresInSeconds,
    audit,
  } = parse(rotateBody, request.body) ?? {};
  if (!isTokenIdentifier(tokenId)) throw notFound('token', tokenId);
  const issued = await mutate(api, {
    request,
    mutation: {
      action: 'token.rotate',
      audit,
      change: async (transaction, { id: orgId }) => {
        const token = await findToken(transaction, { orgId, tokenId, lock: true });
        if (token === undefined) throw notFound('token', tokenId);
        const problem = hindrance(token);
        if (problem !== undefined) throw problem;
        const result = await issueToken(transaction, {
          hasher: api.hasher,
          token: successorOf(token, expiresInSeconds),
        });
        const endsAt = new Date(Date.now() + overlapSeconds * 1000);
        await replaceToken(transaction, { tokenId, successorId: result.token.id, endsAt });
        return { result, targetId: tokenId, revoked: { kind: 'token', id: tokenId } };
      },
    },
  });
  return shownIssuedToken(issued);
}
