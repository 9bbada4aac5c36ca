import { maximumUsageSums, type UsageGroup, usageGroups } from '@ibex/api/usage';
import type { ApiError } from '../api-error.ts';
import { invalidRequest } from '../api-error.ts';
import { quote } from '../json.ts';

/** What `GET /admin/usage` is asked. */
export interface UsageQuery {
  readonly fromUnixMs: number;
  /** Not included. */
  readonly toUnixMs: number;
  readonly groupBy: readonly UsageGroup[];
  readonly limit: number;
  /** Undefined for the caller's own. */
  readonly orgId: string | undefined;
}

const dayMs = 86_400_000;
const maximumDays = 366;
const defaultLimit = 100;
const known = ['from', 'to', 'group_by', 'limit', 'org_id'];
const datePattern = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?Z)?$/;

function wrong(param: string, rule: string, value: string): ApiError {
  return invalidRequest(`${param} must be ${rule}: it is ${quote(value)}.`, { param });
}

function readInstant(param: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const unixMs = datePattern.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(unixMs)) {
    throw wrong(param, 'a date such as 2026-11-01 or a time such as 2026-11-01T12:00:00Z', value);
  }
  return unixMs;
}

function readGroups(value: string | undefined): readonly UsageGroup[] {
  if (value === undefined) return ['day'];
  const names = value === '' ? [] : value.split(',');
  const groups = usageGroups.filter((group) => names.includes(group));
  if (groups.length !== names.length) {
    throw wrong('group_by', `names of ${usageGroups.join(', ')}, by comma, each once`, value);
  }
  return names.map((name) => groups.find((group) => group === name) ?? 'day');
}

function readLimit(value: string | undefined): number {
  if (value === undefined) return defaultLimit;
  const limit = /^\d{1,6}$/.test(value) ? Number(value) : 0;
  if (limit >= 1 && limit <= maximumUsageSums) return limit;
  throw wrong('limit', `a whole number from 1 to ${maximumUsageSums}`, value);
}

function startOfMonth(unixMs: number): number {
  const date = new Date(unixMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth());
}

/**
 * Reads the query of `GET /admin/usage`; without `from` and `to` it is about this month.
 *
 * @throws {ApiError} 400 naming the parameter.
 */
export function readUsageQuery(query: unknown, now = Date.now()): UsageQuery {
  const given = query as Readonly<Record<string, string | string[] | undefined>>;
  const read = (param: string) => {
    const value = given[param];
    if (Array.isArray(value)) throw invalidRequest(`${param} may be given once.`, { param });
    return value;
  };
  for (const param of Object.keys(given)) {
    if (!known.includes(param)) {
      throw invalidRequest(`There is no parameter ${quote(param)}. There are ${known.join(', ')}.`, {
        param,
      });
    }
  }
  const toUnixMs = readInstant('to', read('to')) ?? now + 1;
  const fromUnixMs = readInstant('from', read('from')) ?? startOfMonth(Math.min(now, toUnixMs - 1));
  if (fromUnixMs >= toUnixMs) throw invalidRequest('from must be before to.', { param: 'from' });
  if (toUnixMs - fromUnixMs > maximumDays * dayMs) {
    throw invalidRequest(`from and to may be ${maximumDays} days apart.`, { param: 'from' });
  }
  return {
    fromUnixMs,
    toUnixMs,
    groupBy: readGroups(read('group_by')),
    limit: readLimit(read('limit')),
    orgId: read('org_id'),
  };
}
