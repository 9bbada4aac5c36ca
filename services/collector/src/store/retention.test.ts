import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { DEFAULT_SETTINGS } from './settings.ts';
import { batch, chatCompletionTrace, log, nano, sample } from './testing/records.ts';
import { temporaryStore } from './testing/temporary-store.ts';
import type { Store } from './types.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The test's own time limit ends it when that never comes. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await delay(20);
}

async function append(store: Store, { unixMs, age }: { unixMs: number; age: string }) {
  const { traceId, spans } = chatCompletionTrace(unixMs);
  const logs = Array.from({ length: 4 }, () => log({ timeUnixNano: nano(unixMs), requestId: age }));
  const samples = [sample('requests_total', { value: 1, unixMs, service: age })];
  await store.append(batch({ spans, logs, samples }));
  return traceId;
}

test('each signal is kept for its own time and deleted in small bites', {
  timeout: 60_000,
}, async (context) => {
  const store = await temporaryStore(context, {
    retention: { tracesDays: 1, logsDays: 2, metricsDays: 3 },
    maintenanceIntervalMs: 50,
    seriesIntervalMs: 0,
    retentionBiteRows: 3,
  });
  const now = Date.now();
  const fresh = await append(store, { unixMs: now - HOUR_MS, age: 'fresh' });
  const aged = await append(store, { unixMs: now - DAY_MS - HOUR_MS, age: 'aged' });
  await append(store, { unixMs: now - 2 * DAY_MS - HOUR_MS, age: 'old' });
  await append(store, { unixMs: now - 3 * DAY_MS - HOUR_MS, age: 'ancient' });

  await until(() => {
    const { rows } = store.statistics();
    return rows.spans === 5 && rows.logs === 8 && rows.samples === 3 && rows.series === 3;
  });
  assert.equal(store.statistics().dropped.expired, 15 + 8 + 1);
  assert.equal((await store.getTrace(fresh))?.spanCount, 5);
  assert.equal(await store.getTrace(aged), undefined);
  const range = { startUnixMs: now - 10 * DAY_MS, endUnixMs: now, phrases: [], limit: 100 };
  const lines = await store.searchLogs(range);
  assert.deepEqual([...new Set(lines.rows.map((row) => row.requestId))], ['fresh', 'aged']);
  const [metric] = await store.listMetrics();
  assert.deepEqual(metric?.services, ['aged', 'fresh', 'old']);
  const services = await store.listServices();
  assert.ok(!services.some(({ name }) => name === 'ancient'));
});

test('a series that was forgotten begins again when a sample comes', { timeout: 60_000 }, async (context) => {
  const store = await temporaryStore(context, {
    retention: { tracesDays: 1, logsDays: 1, metricsDays: 1 },
    maintenanceIntervalMs: 50,
    seriesIntervalMs: 0,
  });
  const at = (unixMs: number) =>
    batch({ samples: [sample('requests_total', { value: 7, unixMs, service: 'a' })] });
  await store.append(at(Date.now() - 2 * DAY_MS));
  await until(() => store.statistics().rows.series === 0);
  assert.deepEqual(await store.listMetrics(), []);
  await store.append(at(Date.now()));
  assert.equal(store.statistics().rows.series, 1);
  assert.equal((await store.listMetrics()).length, 1);
});

test('the retention of the contract holds when none is given', () => {
  assert.deepEqual(DEFAULT_SETTINGS.retention, { tracesDays: 14, logsDays: 30, metricsDays: 30 });
});
