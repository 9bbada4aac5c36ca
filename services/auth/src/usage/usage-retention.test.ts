import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startTestTelemetry } from '@ibex/telemetry/testing';
import { AuditRetention } from '../audit/audit-retention.ts';
import { migrate } from '../database/migrate.ts';
import { Cleanup } from '../testing/cleanup.ts';
import { databaseKinds } from '../testing/databases.ts';
import { insertUsage, readUsageTotals, sumUsage } from './usage-repository.ts';

const dayMs = 86_400_000;

function recordOf(recordId: string, ageDays: number) {
  return {
    ...{
      recordId,
      requestId: 'r',
      endedAtUnixMs: Date.now() - ageDays * dayMs,
      gateway: 'g',
      orgId: 'org-1',
    },
    ...{ userId: '', tokenId: 'token-1', agentId: '', provider: 'acme', model: 'm', dialect: 'chat' },
    ...{ outcome: 'completed', status: 'ok', inputTokens: 1, outputTokens: 2, cacheReadTokens: 0 },
    ...{ cacheWriteTokens: 0, reasoningTokens: 0, usageSource: 'provider', costUsdMicros: 3, durationMs: 4 },
  };
}

for (const kind of databaseKinds) {
  describe(`age of usage: ${kind.name}`, { skip: kind.skip }, () => {
    const cleanup = new Cleanup();

    it('records go when they are older than the audit log may be; totals stay', async () => {
      const place = await kind.createPlace(cleanup);
      const database = await place.open();
      cleanup.add(() => database.close());
      await migrate(database);
      const { telemetry } = startTestTelemetry('auth');
      cleanup.add(() => telemetry.stop());
      const retention = new AuditRetention({ database, telemetry });
      const old = recordOf('old', telemetry.contract.retention.auditDays + 1);
      assert.equal(await insertUsage(database, [old, recordOf('young', 1)]), 2);
      await retention.run();
      retention.stop();
      const all = {
        orgId: 'org-1',
        from: new Date(0),
        to: new Date(),
        groupBy: [],
        gateway: undefined,
        limit: 1,
      };
      assert.equal((await sumUsage(database, all))[0]?.calls, 1);
      const subjects = [{ kind: 'token', id: 'token-1' }];
      const totals = await readUsageTotals(database, {
        orgId: 'org-1',
        at: new Date(old.endedAtUnixMs),
        subjects,
      });
      assert.deepEqual(totals, [{ tokens: 3, costUsdMicros: 3 }]);
    });
  });
}
