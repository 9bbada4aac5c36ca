import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import type { UsageRecord } from '@ibex/api/usage';
import { startTestTelemetry } from '@ibex/telemetry/testing';
import { until } from '../testing/gateway.ts';
import { UsageLedger } from './usage-ledger.ts';

type Behaviour = (records: readonly UsageRecord[]) => Promise<void>;

function start(
  context: TestContext,
  { behave, maximumWaiting = 10_000 }: { behave: Behaviour; maximumWaiting?: number },
) {
  const { telemetry, destination } = startTestTelemetry('proxy');
  const client = { behave, record: (records: readonly UsageRecord[]) => client.behave(records) };
  const ledger = new UsageLedger({ client, telemetry, maximumWaiting });
  context.after(async () => {
    await ledger.stop(0);
    await telemetry.stop();
  });
  const metric = (series: string) => {
    const lines = telemetry.metrics.exposition().split('\n');
    return Number(lines.find((line) => line.startsWith(`${series} `))?.split(' ')[1] ?? 0);
  };
  const dropped = (reason: string) => metric(`ibex_proxy_usage_records_dropped_total{reason="${reason}"}`);
  return { client, ledger, destination, metric, dropped };
}

function records(count: number): UsageRecord[] {
  return Array.from({ length: count }, (_, index) => ({ recordId: `record-${index}`, orgId: 'org-1' }));
}

const unavailable = Object.assign(new Error('down'), { code: status.UNAVAILABLE });
const invalid = Object.assign(new Error('no'), { code: status.INVALID_ARGUMENT });

test('records go out in batches of the size the ledger takes, in order', async (context) => {
  const batches: number[] = [];
  const ids: (string | undefined)[] = [];
  const behave = async (batch: readonly UsageRecord[]) => {
    batches.push(batch.length);
    ids.push(...batch.map(({ recordId }) => recordId));
  };
  const { ledger, metric } = start(context, { behave });
  for (const record of records(1100)) ledger.add(record);
  await ledger.flush(5_000);
  assert.deepEqual(batches, [500, 500, 100]);
  assert.deepEqual(
    ids,
    records(1100).map(({ recordId }) => recordId),
  );
  assert.equal(metric('ibex_proxy_usage_records_total'), 1100);
  assert.equal(metric('ibex_proxy_usage_records_waiting'), 0);
});

test('they go out by themselves, and again and again until they are acknowledged', async (context) => {
  let attempts = 0;
  const { ledger, metric, destination } = start(context, {
    behave: async () => {
      attempts += 1;
      if (attempts < 3) throw unavailable;
    },
  });
  for (const record of records(3)) ledger.add(record);
  await until(() => metric('ibex_proxy_usage_records_total') === 3);
  assert.equal(attempts, 3);
  const warnings = destination.lines.filter(({ level }) => level === 'WARN');
  assert.deepEqual(
    warnings.map(({ msg }) => msg),
    ['usage cannot be recorded now: it waits'],
  );
});

test('what is lost is counted by reason', async (context) => {
  const { client, ledger, dropped, metric, destination } = start(context, {
    maximumWaiting: 5,
    behave: async () => {
      throw unavailable;
    },
  });
  for (const record of records(8)) ledger.add(record);
  assert.equal(dropped('queue_full'), 3);
  client.behave = async () => {
    throw invalid;
  };
  await ledger.flush(5_000);
  assert.equal(dropped('refused'), 5);
  client.behave = async () => {
    throw unavailable;
  };
  for (const record of records(2)) ledger.add(record);
  await ledger.stop(50);
  assert.equal(dropped('stopping'), 2);
  assert.equal(metric('ibex_proxy_usage_records_total'), 0);
  const losses = destination.lines.filter(({ msg }) => msg === 'usage records were lost');
  assert.deepEqual(
    losses.map(({ level, reason, count }) => [level, reason, count]),
    [
      ['ERROR', 'queue_full: too many wait for auth', 1],
      ['ERROR', 'refused: auth will never take them', 5],
      ['ERROR', 'stopping: auth did not take them in time', 2],
      ['ERROR', 'queue_full: too many wait for auth', 2],
    ],
  );
});

test('a stop writes what waits, also when the ledger was away until then', async (context) => {
  const { client, ledger, metric } = start(context, {
    behave: async () => {
      throw unavailable;
    },
  });
  for (const record of records(2)) ledger.add(record);
  await ledger.flush(100);
  assert.equal(ledger.waiting, 2);
  client.behave = async () => undefined;
  await ledger.stop(5_000);
  assert.equal(metric('ibex_proxy_usage_records_total'), 2);
});
