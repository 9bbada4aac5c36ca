import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seriesValue } from '../testing/fastify-app.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { sqlTelemetry } from './sql-telemetry.ts';

test('a query has a span and a duration, and its result is passed on', async () => {
  const { telemetry, exporter } = startTestTelemetry('auth');
  const sql = sqlTelemetry(telemetry, { system: 'postgresql' });
  const rows = await telemetry.tracer.withSpan('outer', {}, () =>
    sql.measure('token_find', async () => ['row']),
  );
  await telemetry.stop();
  const [query, outer] = exporter.spans;
  assert.deepEqual(rows, ['row']);
  assert.deepEqual(
    [query?.name, query?.kind, query?.parentSpanId],
    ['db.token_find', 'client', outer?.spanId],
  );
  assert.deepEqual(query?.attributes, { 'db.system.name': 'postgresql', 'db.operation.name': 'token_find' });
  const series = 'ibex_db_query_duration_seconds_count{operation="token_find"}';
  assert.equal(seriesValue(telemetry.metrics.exposition(), series), 1);
});

test('a query that fails is measured, too, and its error is thrown on', async () => {
  const { telemetry, exporter } = startTestTelemetry('auth');
  const sql = sqlTelemetry(telemetry, { system: 'postgresql' });
  const failure = new Error('relation "tokens" does not exist');
  await assert.rejects(
    sql.measure('token_list', () => Promise.reject(failure)),
    failure,
  );
  await telemetry.stop();
  const [query] = exporter.spans;
  assert.deepEqual([query?.status, query?.statusMessage], ['error', failure.message]);
  assert.equal(query?.attributes['error.type'], 'Error');
  const series = 'ibex_db_query_duration_seconds_count{operation="token_list"}';
  assert.equal(seriesValue(telemetry.metrics.exposition(), series), 1);
});

test('the pool is shown as it is at the moment', async () => {
  const { telemetry } = startTestTelemetry('auth');
  const sql = sqlTelemetry(telemetry, { system: 'postgresql' });
  sql.setPool({ inUse: 3, idle: 2 });
  sql.setPool({ inUse: 1, idle: 4 });
  const exposition = telemetry.metrics.exposition();
  assert.equal(seriesValue(exposition, 'ibex_db_pool_open_connections{state="in_use"}'), 1);
  assert.equal(seriesValue(exposition, 'ibex_db_pool_open_connections{state="idle"}'), 4);
  await telemetry.stop();
});
