import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { ibexContract } from '@ibex/contract';
import { seriesValue } from '../../testing/fastify-app.ts';
import { startTestTelemetry } from '../../testing/start-test-telemetry.ts';

/** The value of a series that must be there. */
function valueIn(exposition: string, series: string): number {
  const value = seriesValue(exposition, series);
  assert.ok(value !== undefined, series);
  return value;
}

test('the process and its runtime are measured from the start, on every service', async () => {
  for (const service of ibexContract.services) {
    const { telemetry } = startTestTelemetry(service);
    await sleep(60);
    const text = telemetry.metrics.exposition();
    const value = (series: string) => valueIn(text, series);
    assert.ok(Math.abs(value('process_start_time_seconds') * 1000 - performance.timeOrigin) < 1);
    assert.ok(value('process_resident_memory_bytes') > 10 * 1024 * 1024);
    assert.ok(value('process_cpu_seconds_total') > 0);
    assert.ok(value('process_open_fds') >= 3);
    assert.ok(value('process_max_fds') >= value('process_open_fds'));
    assert.ok(value('nodejs_heap_size_used_bytes') <= value('nodejs_heap_size_total_bytes'));
    assert.ok(value('nodejs_external_memory_bytes') > 0);
    assert.ok(value('nodejs_heap_space_size_used_bytes{space="old"}') > 0);
    assert.ok(value('nodejs_eventloop_lag_max_seconds') >= value('nodejs_eventloop_lag_p99_seconds'));
    const utilisation = value('nodejs_eventloop_utilization_ratio');
    assert.ok(utilisation >= 0 && utilisation <= 1);
    assert.doesNotMatch(text, /^ibex_contract_violations_total\{/m);
    await telemetry.stop();
  }
});

test('time that is burnt shows as processor time, as lag and as utilisation', async () => {
  const { telemetry } = startTestTelemetry('proxy');
  const cpuBefore = valueIn(telemetry.metrics.exposition(), 'process_cpu_user_seconds_total');
  await sleep(50);
  const untilMs = performance.now() + 200;
  while (performance.now() < untilMs) JSON.stringify({ untilMs });
  await sleep(50);
  const text = telemetry.metrics.exposition();
  assert.ok(valueIn(text, 'process_cpu_user_seconds_total') > cpuBefore);
  assert.ok(valueIn(text, 'nodejs_eventloop_lag_max_seconds') > 0.1);
  assert.ok(valueIn(text, 'nodejs_eventloop_utilization_ratio') > 0.1);
  await telemetry.stop();
});

test('resources that have gone are told as 0', async () => {
  const { telemetry } = startTestTelemetry('proxy');
  const series = 'nodejs_active_resources{type="TCPServerWrap"}';
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const before = valueIn(telemetry.metrics.exposition(), series);
  await new Promise((resolve) => server.close(resolve));
  // Node lets go of a handle some turns of the event loop after it was closed.
  while (valueIn(telemetry.metrics.exposition(), series) === before) await sleep(5);
  assert.equal(valueIn(telemetry.metrics.exposition(), series), before - 1);
  await telemetry.stop();
});

test('a process that has nothing else to do ends, its garbage collections counted, also without stop', () => {
  const program = `
    import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    import { startTestTelemetry } from '../../testing/start-test-telemetry.ts';
    const { telemetry } = startTestTelemetry('proxy');
    setFlagsFromString('--expose-gc');
    runInNewContext('gc')();
    setTimeout(() => console.log(telemetry.metrics.exposition()), 100);
  `;
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module-typescript', '-e', program], {
    cwd: fileURLToPath(new URL('.', import.meta.url)),
    encoding: 'utf8',
    timeout: 60_000,
  });
  assert.equal(status, 0);
  assert.ok(valueIn(stdout, 'nodejs_gc_duration_seconds_count{kind="major"}') >= 1);
});

test('when telemetry has stopped, nothing is measured any more', async () => {
  const { telemetry } = startTestTelemetry('proxy');
  telemetry.metrics.exposition();
  await telemetry.stop();
  const before = telemetry.metrics.exposition();
  for (let index = 0; index < 1e6; index++) JSON.stringify(index);
  const series = 'process_cpu_user_seconds_total';
  assert.equal(valueIn(telemetry.metrics.exposition(), series), valueIn(before, series));
});

test('without /metrics nothing is measured', () => {
  const { telemetry } = startTestTelemetry('proxy', { observability: { metrics: { enabled: false } } });
  assert.equal(valueIn(telemetry.metrics.exposition(), 'process_resident_memory_bytes'), 0);
});
