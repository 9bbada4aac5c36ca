import { status } from '@grpc/grpc-js';
import type { UsageRecord__Output as UsageRecord, UsageServiceHandlers, UsageTotal } from '@ibex/api/usage';

function idOf(record: UsageRecord, kind: string): string {
  if (kind === 'organisation') return record.orgId;
  return kind === 'token' ? record.tokenId : record.agentId;
}

/** The usage ledger over the wire contract, for tests: records in memory, and one sum of them. */
export class TestUsage {
  readonly records: UsageRecord[] = [];
  /** While true nothing is answered but that it is unavailable. */
  down = false;
  /** While true records are taken without an answer. */
  hangs = false;
  /** What others have used, on top of every total. */
  others: Required<UsageTotal> = { tokens: 0, costUsdMicros: 0 };

  readonly handlers: UsageServiceHandlers = {
    RecordUsage: ({ request }, callback) => {
      if (this.hangs) return;
      if (this.down) return callback({ code: status.UNAVAILABLE });
      const known = new Set(this.records.map(({ recordId }) => recordId));
      const fresh = request.records.filter(({ recordId }) => !known.has(recordId));
      this.records.push(...fresh);
      return callback(null, { recorded: fresh.length });
    },
    SummariseUsage: ({ request }, callback) => {
      if (this.down) return callback({ code: status.UNAVAILABLE });
      const sums = Map.groupBy(
        this.records.filter(({ orgId }) => request.orgId === '' || orgId === request.orgId),
        (record) =>
          request.groupBy.map((group) => (group === 'provider' ? record.provider : record.model)).join(),
      );
      return callback(null, {
        sums: [...sums].map(([group, records]) => ({ group: group.split(','), ...sumOf(records) })),
      });
    },
    ReadUsageTotals: ({ request }, callback) => {
      if (this.down) return callback({ code: status.UNAVAILABLE });
      const totals = request.subjects.map(({ kind, id }) => {
        const sum = sumOf(this.records.filter((record) => idOf(record, kind) === id));
        return {
          tokens: sum.inputTokens + sum.outputTokens + Number(this.others.tokens),
          costUsdMicros: sum.costUsdMicros + Number(this.others.costUsdMicros),
        };
      });
      return callback(null, { totals });
    },
  };
}

function sumOf(records: readonly UsageRecord[]) {
  const sum = (of: (record: UsageRecord) => number) =>
    records.reduce((total, record) => total + of(record), 0);
  return {
    calls: records.length,
    callsWithoutUsage: records.filter(({ usageSource }) => usageSource === 'absent').length,
    inputTokens: sum(({ inputTokens }) => inputTokens),
    outputTokens: sum(({ outputTokens }) => outputTokens),
    costUsdMicros: sum(({ costUsdMicros = 0 }) => costUsdMicros),
  };
}
