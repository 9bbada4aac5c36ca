import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageService } from '@ibex/api/usage';
import { encodeUsageRecords } from './encode-records.ts';

const { requestDeserialize } = UsageService.service.RecordUsage;

/** A record with another value in every field; texts are those of names that must survive. */
const whole = {
  recordId: '0198f0c0-7a6b-7c3d-8e4f-5a6b7c8d9e0f',
  requestId: 'req-1',
  endedAtUnixMs: 1_795_235_531_164,
  gateway: 'proxy-1',
  orgId: 'org_1',
  userId: 'usr_1',
  tokenId: 'tok_1',
  agentId: 'agt_1',
  provider: 'openai',
  model: `modèle ${'x'.repeat(200)}`,
  dialect: 'chat',
  outcome: 'completed',
  status: 'ok',
  inputTokens: 127,
  outputTokens: 128,
  cacheReadTokens: 16_384,
  cacheWriteTokens: 3_000_000_000,
  reasoningTokens: 5,
  usageSource: 'provider',
  costUsdMicros: 2 ** 40,
  durationMs: 81_920,
};

function roundTrip(records: Parameters<typeof encodeUsageRecords>[0]) {
  return requestDeserialize(encodeUsageRecords(records)).records ?? [];
}

test('every field of the definition is in the bytes, by its number', () => {
  const [read] = roundTrip([whole]);
  const { _costUsdMicros, ...fields } = { _costUsdMicros: '', ...read };
  assert.deepEqual(fields, whole);
  const empty = requestDeserialize(Buffer.from([0x0a, 0x00])).records?.[0] ?? {};
  assert.deepEqual(
    Object.keys(empty).filter((name) => !(name in whole)),
    [],
  );
  for (const name of Object.keys(empty)) assert.ok(name in fields, name);
});

test('a price of nothing is told from no price', () => {
  const { costUsdMicros: _, ...unpriced } = whole;
  const [free, unknown] = roundTrip([{ ...whole, costUsdMicros: 0 }, unpriced]);
  assert.equal(free?.costUsdMicros, 0);
  assert.equal(unknown !== undefined && 'costUsdMicros' in unknown, false);
});

test('a batch keeps its order, and the next one is its own', () => {
  const ids = Array.from({ length: 500 }, (_, index) => `record-${index}`);
  assert.deepEqual(
    roundTrip(ids.map((recordId) => ({ recordId }))).map(({ recordId }) => recordId),
    ids,
  );
  assert.equal(roundTrip([{ recordId: 'next' }]).length, 1);
});
