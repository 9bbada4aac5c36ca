import type { UsageRecord } from '@ibex/api/usage';
import { createRequestId } from '@ibex/telemetry/request-id';
import type { CallEnd } from '../calls/call-end.ts';

const maximumTextLength = 256;

function cut(text: string): string {
  return text.length > maximumTextLength ? text.slice(0, maximumTextLength) : text;
}

/** A call's line in the ledger; undefined for a call that nobody is known to have made. */
export function usageRecordOf(end: CallEnd, gateway: string): UsageRecord | undefined {
  const { origin, answer } = end.report;
  const { caller, agentId = '' } = origin;
  if (caller === undefined) return undefined;
  const { usage } = answer;
  return {
    recordId: createRequestId(),
    requestId: origin.requestId,
    endedAtUnixMs: Date.now(),
    gateway,
    orgId: caller.orgId,
    userId: caller.userId ?? '',
    tokenId: caller.tokenId,
    agentId,
    provider: end.served.provider,
    model: cut(origin.model),
    dialect: origin.dialect,
    outcome: end.outcome,
    status: end.status,
    inputTokens: usage?.inputTokens ?? 0,
    outputTokens: usage?.outputTokens ?? 0,
    cacheReadTokens: usage?.cacheReadTokens ?? 0,
    cacheWriteTokens: usage?.cacheWriteTokens ?? 0,
    reasoningTokens: usage?.reasoningTokens ?? 0,
    usageSource: answer.usageSource,
    ...(end.costMicros === undefined ? {} : { costUsdMicros: end.costMicros }),
    durationMs: Math.round(end.durationSeconds * 1000),
  };
}
