import { type handleUnaryCall, status } from '@grpc/grpc-js';
import {
  maximumUsageRecords,
  maximumUsageSums,
  type SummariseUsageRequest__Output as SummariseUsageRequest,
  type UsageGroup,
  type UsageRecord__Output as UsageRecord,
  type UsageServiceHandlers,
  usageGroups,
} from '@ibex/api/usage';
import type { Telemetry } from '@ibex/telemetry';
import type { Queryable } from '../database/database.ts';
import { insertUsage, readUsageTotals, sumUsage, type UsageQuestion } from '../usage/usage-repository.ts';
import { checkRule, failureOf } from './failure.ts';

export interface UsageOptions {
  readonly database: Queryable;
  readonly telemetry: Telemetry;
}

/** Of any text of a record; models have the longest names. */
const maximumTextLength = 256;
const maximumSubjects = 16;
/** Of the instants that a date can be. */
const maximumUnixMs = 8_640_000_000_000_000;

function isInstant(unixMs: number): boolean {
  return Number.isSafeInteger(unixMs) && unixMs >= 0 && unixMs <= maximumUnixMs;
}

const textFields = [
  ...(['recordId', 'requestId', 'gateway', 'orgId', 'userId', 'tokenId', 'agentId'] as const),
  ...(['provider', 'model', 'dialect', 'outcome', 'status', 'usageSource'] as const),
];
const numberFields = [
  ...(['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const),
  ...(['reasoningTokens', 'costUsdMicros', 'durationMs'] as const),
];

function checkRecord(record: UsageRecord): void {
  checkRule(record.recordId !== '' && record.orgId !== '', 'A record must have record_id and org_id.');
  checkRule(isInstant(record.endedAtUnixMs), 'ended_at_unix_ms of a record must be an instant.');
  for (const field of textFields) {
    checkRule(
      record[field].length <= maximumTextLength,
      `${field} of a record must have at most ${maximumTextLength} characters.`,
    );
  }
  for (const field of numberFields) {
    const value = record[field] ?? 0;
    checkRule(
      Number.isSafeInteger(value) && value >= 0,
      `${field} of a record must be a whole number from 0: it is ${value}.`,
    );
  }
}

function checkRecords(records: readonly UsageRecord[]): void {
  checkRule(records.length <= maximumUsageRecords, `At most ${maximumUsageRecords} records at once.`);
  for (const record of records) checkRecord(record);
}

function isGroup(name: string): name is UsageGroup {
  return (usageGroups as readonly string[]).includes(name);
}

function questionOf(request: SummariseUsageRequest): UsageQuestion {
  const { fromUnixMs, toUnixMs } = request;
  checkRule(isInstant(fromUnixMs) && isInstant(toUnixMs), 'from_unix_ms and to_unix_ms must be instants.');
  const groupBy = request.groupBy.filter(isGroup);
  checkRule(groupBy.length === request.groupBy.length, `group_by must be of ${usageGroups.join(', ')}.`);
  checkRule(new Set(groupBy).size === groupBy.length, 'group_by must name each group once.');
  return {
    orgId: request.orgId === '' ? undefined : request.orgId,
    from: new Date(fromUnixMs),
    to: new Date(toUnixMs),
    groupBy,
    gateway: request.gateway === '' ? undefined : request.gateway,
    limit: request.limit > 0 ? Math.min(request.limit, maximumUsageSums) : maximumUsageSums,
  };
}

function unary<Request, Response>(
  telemetry: Telemetry,
  answer: (request: Request) => Promise<Response>,
): handleUnaryCall<Request, Response> {
  return async (call, callback) => {
    try {
      callback(null, await answer(call.request));
    } catch (error) {
      const answer = failureOf(error);
      if (answer.code === status.INTERNAL) telemetry.logger.error('the usage ledger failed', { error });
      callback(answer);
    }
  };
}

/** The handlers of `ibex.usage.v1.UsageService`: the ledger of what calls of models used. */
export function usageHandlers({ database, telemetry }: UsageOptions): UsageServiceHandlers {
  return {
    RecordUsage: unary(telemetry, async ({ records }: { records: UsageRecord[] }) => {
      checkRecords(records);
      return { recorded: records.length === 0 ? 0 : await insertUsage(database, records) };
    }),
    SummariseUsage: unary(telemetry, async (request: SummariseUsageRequest) => {
      const question = questionOf(request);
      const sums = await sumUsage(database, question);
      return { sums: sums.slice(0, question.limit), truncated: sums.length > question.limit };
    }),
    ReadUsageTotals: unary(
      telemetry,
      async (request: { orgId: string; atUnixMs: number; subjects: { kind: string; id: string }[] }) => {
        const { orgId, atUnixMs, subjects } = request;
        checkRule(isInstant(atUnixMs), 'at_unix_ms must be an instant.');
        checkRule(subjects.length <= maximumSubjects, `At most ${maximumSubjects} subjects at once.`);
        const at = new Date(atUnixMs);
        return { totals: [...(await readUsageTotals(database, { orgId, at, subjects }))] };
      },
    ),
  };
}
