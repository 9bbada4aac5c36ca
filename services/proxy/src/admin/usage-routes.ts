import type { components } from '@ibex/api/proxy';
import type { UsageGroup, UsageSum } from '@ibex/api/usage';
import type { FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.ts';
import { callerOf } from '../pipeline/authenticate.ts';
import type { Usage } from '../usage/create-usage.ts';
import { isOperator } from './access.ts';
import { readUsageQuery } from './usage-query.ts';

type UsageReport = components['schemas']['UsageReport'];

/** Calls that have just ended are to be in the answer. */
const flushTimeoutMs = 2_000;

function amountsOf(sum: UsageSum) {
  return {
    calls: sum.calls,
    calls_without_usage: sum.callsWithoutUsage,
    calls_estimated: sum.callsEstimated,
    input_tokens: sum.inputTokens,
    output_tokens: sum.outputTokens,
    cache_read_tokens: sum.cacheReadTokens,
    cache_write_tokens: sum.cacheWriteTokens,
    reasoning_tokens: sum.reasoningTokens,
    cost_usd_micros: sum.costUsdMicros,
  };
}

function rowOf(sum: UsageSum, groupBy: readonly UsageGroup[]) {
  const group = Object.fromEntries(groupBy.map((name, index) => [name, sum.group[index] ?? '']));
  return { ...group, ...amountsOf(sum) };
}

/** The error of a ledger that cannot be read. */
export function ledgerUnavailable(cause: unknown): ApiError {
  return new ApiError(503, {
    type: 'api_error',
    code: 'usage_unavailable',
    message:
      'The usage ledger cannot be read because the auth service does not answer. Try again in a moment.',
    headers: { 'retry-after': '2' },
    cause,
  });
}

function organisationOf(request: FastifyRequest, asked: string | undefined): string {
  const { orgId } = callerOf(request);
  if (asked === undefined || asked === orgId) return orgId;
  if (isOperator(request)) return asked === '*' ? '' : asked;
  throw new ApiError(403, {
    type: 'permission_error',
    code: 'role_not_allowed',
    message: 'org_id may name another organisation only for admins of the one that runs this installation.',
    param: 'org_id',
  });
}

/** `GET /admin/usage` */
export function readUsage({ ledger, client }: Usage): (request: FastifyRequest) => Promise<UsageReport> {
  return async (request) => {
    const { fromUnixMs, toUnixMs, groupBy, limit, ...query } = readUsageQuery(request.query);
    const orgId = organisationOf(request, query.orgId);
    await ledger.flush(flushTimeoutMs);
    const question = { orgId, fromUnixMs, toUnixMs, groupBy: [...groupBy], limit };
    const { sums, truncated } = await client.summarise(question).catch((error: unknown) => {
      throw ledgerUnavailable(error);
    });
    return {
      org_id: orgId === '' ? '*' : orgId,
      from: new Date(fromUnixMs).toISOString(),
      to: new Date(toUnixMs).toISOString(),
      group_by: [...groupBy],
      data: sums.map((sum) => rowOf(sum, groupBy)),
      truncated,
    };
  };
}
