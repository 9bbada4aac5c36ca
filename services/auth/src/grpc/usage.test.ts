import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { credentials, type ServiceError, status } from '@grpc/grpc-js';
import { type UsageRecord, UsageService, type UsageServiceClient } from '@ibex/api/usage';
import { Cleanup } from '../testing/cleanup.ts';
import { databaseKinds } from '../testing/databases.ts';
import { startSeededAuth } from '../testing/seeded-auth.ts';

const noon = Date.UTC(2026, 10, 21, 12);
const hourMs = 3_600_000;
let last = 0;

function record(changes: Partial<UsageRecord> = {}): UsageRecord {
  last += 1;
  return {
    recordId: `record-${last}`,
    requestId: 'request-1',
    endedAtUnixMs: noon,
    gateway: 'gateway-1',
    orgId: 'org-1',
    userId: 'user-1',
    tokenId: 'token-1',
    agentId: '',
    provider: 'acme',
    model: 'acme-large',
    dialect: 'chat',
    outcome: 'completed',
    status: 'ok',
    inputTokens: 100,
    outputTokens: 20,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    usageSource: 'provider',
    costUsdMicros: 450,
    durationMs: 12,
    ...changes,
  };
}

type Done<Response> = (error: ServiceError | null, response?: Response) => void;

function ask<Response>(call: (done: Done<Response>) => unknown): Promise<Response> {
  return new Promise((resolve, reject) => {
    call((error, response) => (error === null ? resolve(response as Response) : reject(error)));
  });
}

for (const kind of databaseKinds) {
  describe(`usage ledger: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();
    let client: UsageServiceClient;
    const keep = (records: UsageRecord[]) =>
      ask<{ recorded: number }>((done) => client.recordUsage({ records }, done));
    const sum = (groupBy: string[], changes: object = {}) =>
      ask<{ sums: { group: string[] }[]; truncated: boolean }>((done) => {
        const range = { fromUnixMs: noon - 48 * hourMs, toUnixMs: noon + 48 * hourMs };
        client.summariseUsage({ ...range, groupBy, limit: 100, ...changes }, done);
      });
    const totals = (orgId: string, subjects: { kind: string; id: string }[], atUnixMs = noon) =>
      ask<{ totals: object[] }>((done) => client.readUsageTotals({ orgId, atUnixMs, subjects }, done));

    before(async () => {
      const { auth } = await startSeededAuth(kind, cleanup);
      client = new UsageService(auth.grpcAddress, credentials.createInsecure());
      cleanup.add(async () => client.close());
    });

    it('keeps each record once, however often it is sent', async () => {
      const records = [record({ orgId: 'org-once' }), record({ orgId: 'org-once', agentId: 'robot' })];
      const [first] = records;
      assert.ok(first);
      assert.deepEqual(await keep([...records, first]), { recorded: 2 });
      assert.deepEqual(await keep(records), { recorded: 0 });
      const subjects = [
        { kind: 'organisation', id: 'org-once' },
        { kind: 'agent', id: 'robot' },
        { kind: 'token', id: 'token-1' },
        { kind: 'token', id: 'nobody' },
      ];
      assert.deepEqual((await totals('org-once', subjects)).totals, [
        { tokens: 240, costUsdMicros: 900 },
        { tokens: 120, costUsdMicros: 450 },
        { tokens: 240, costUsdMicros: 900 },
        { tokens: 0, costUsdMicros: 0 },
      ]);
      const nextMonth = await totals('org-once', subjects.slice(0, 1), noon + 31 * 24 * hourMs);
      assert.deepEqual(nextMonth.totals, [{ tokens: 0, costUsdMicros: 0 }]);
    });

    it('sums by group, of one organisation and a span of time', async () => {
      const orgId = 'org-sum';
      const { costUsdMicros: _, ...unpriced } = record({ orgId, model: 'free' });
      await keep([
        record({ orgId }),
        record({ orgId, endedAtUnixMs: noon + 24 * hourMs, usageSource: 'estimated' }),
        record({ orgId, endedAtUnixMs: noon + 100 * hourMs }),
        record({ orgId: 'org-other' }),
        { ...unpriced, usageSource: 'absent', inputTokens: 0, outputTokens: 0 },
      ]);
      const base = { callsWithoutUsage: 0, callsEstimated: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
      const one = { ...base, calls: 1, inputTokens: 100, outputTokens: 20, reasoningTokens: 0 };
      assert.deepEqual(await sum(['day', 'model'], { orgId }), {
        sums: [
          { ...one, group: ['2026-11-21', 'acme-large'], costUsdMicros: 450 },
          { ...one, group: ['2026-11-22', 'acme-large'], costUsdMicros: 450, callsEstimated: 1 },
          {
            ...{ ...one, callsWithoutUsage: 1, inputTokens: 0, outputTokens: 0 },
            group: ['2026-11-21', 'free'],
            costUsdMicros: 0,
          },
        ],
        truncated: false,
      });
      const limited = await sum(['day', 'model'], { orgId, limit: 1 });
      assert.deepEqual([limited.sums.length, limited.truncated], [1, true]);
      const [whole] = (await sum([], { orgId, gateway: 'gateway-1' })).sums;
      assert.equal((whole as { calls?: number } | undefined)?.calls, 3);
      assert.equal((await sum(['token'], { orgId, gateway: 'another' })).sums.length, 0);
    });

    it('takes names as they come, and refuses what no ledger could hold', async () => {
      const odd = "\u0000'; drop table usage_ledger; -- \ud800 {}";
      assert.deepEqual(await keep([record({ orgId: 'org-odd', model: odd })]), { recorded: 1 });
      const wrong: UsageRecord[][] = [
        [record({ recordId: '' })],
        [record({ inputTokens: -1 })],
        [record({ model: 'm'.repeat(257) })],
        Array.from({ length: 501 }, () => record()),
      ];
      for (const records of wrong) {
        await assert.rejects(keep(records), { code: status.INVALID_ARGUMENT });
      }
      await assert.rejects(sum(['month; drop']), { code: status.INVALID_ARGUMENT });
    });

    it('takes the largest batch', async () => {
      const long = 'm'.repeat(256);
      const records = Array.from({ length: 500 }, () =>
        record({ orgId: 'org-batch', model: long, agentId: long }),
      );
      assert.deepEqual(await keep(records), { recorded: 500 });
    });
  });
}
