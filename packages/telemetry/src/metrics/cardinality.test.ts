import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ibexContract, worstCaseSeries } from '@ibex/contract';
import { auditMetadata } from '../audit/audit-metadata.ts';
import { runInScope } from '../context/scope.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';

const million = 1_000_000;
/** A million values of 40 bytes that were kept would be 40 MiB and more. */
const mostGrowthBytes = 16 * 1024 * 1024;
/** For each kind of violation: 256 places and what stands for the others. */
const mostPlaces = 257;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function heapInUse(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

test('a million distinct hostile values leave series, memory and the log as they were', () => {
  const { telemetry, destination } = startTestTelemetry('proxy', { configured: { model: ['echo'] } });
  const { metrics, logger } = telemetry;
  const loose = (labels: Record<string, unknown>) => labels as never;
  const requests = metrics.counter('http_requests_total');
  const durations = metrics.histogram('provider_request_duration_seconds');
  const active = metrics.gauge('conversation_active_count');

  function flood(from: number, to: number): void {
    for (let index = from; index < to; index++) {
      const hostile = `"}\n# ${index} ${index * 7919}\\`;
      requests.increment(loose({ method: hostile, path: `/users/${index}`, status: hostile }));
      durations.observe(loose({ provider: hostile, model: hostile, operation: hostile }), index);
      active.set(loose({ backend: hostile, [`x${index % 1_000}`]: hostile }), index);
      metrics.admit('model', index % 2 === 0 ? hostile : `model-${index}`);
    }
  }

  flood(0, 10_000);
  const seriesBefore = countSeries(metrics.exposition());
  const heapBefore = heapInUse();
  flood(10_000, million);
  assert.ok(heapInUse() - heapBefore < mostGrowthBytes);
  assert.equal(countSeries(metrics.exposition()), seriesBefore);
  assert.ok(seriesBefore <= ibexContract.budget.perService);
  for (const name of ['http_requests_total', 'provider_request_duration_seconds'] as const) {
    const own = metrics
      .exposition()
      .split('\n')
      .filter((line) => line.startsWith(name));
    assert.ok(own.length <= worstCaseSeries(ibexContract.metrics[name], 'proxy'), name);
  }
  const kinds = new Set(destination.lines.map(({ reason }) => reason));
  assert.deepEqual([...kinds].toSorted(), ['configured_limit', 'configured_value', 'label_value']);
  assert.ok(destination.lines.length < 100, `${destination.lines.length} lines`);
  assert.ok(destination.lines.every((line) => !JSON.stringify(line).includes('7919')));
  logger.debug('the log still works');
});

test('distinct hostile fields and keys are warned of at a bounded number of places', () => {
  const { telemetry, destination } = startTestTelemetry('auth', {
    environment: { IBEX_LOG_LEVEL: 'WARN' },
  });
  const heapBefore = heapInUse();
  for (let index = 0; index < 100_000; index++) {
    telemetry.logger.info('never written', { [`field_${index}`]: 'x' } as never);
    assert.throws(() => auditMetadata(telemetry, { [`key_${index}`]: 'x' }));
    if (index % 100 === 0) telemetry.logger.warn('seen', { [`field_${index}`]: 'x' } as never);
  }
  assert.ok(heapInUse() - heapBefore < mostGrowthBytes);
  const warnings = destination.lines.filter(({ msg }) => msg === 'outside the contract');
  for (const kind of ['log_field', 'audit_key']) {
    const places = warnings.filter(({ reason }) => reason === kind).map(({ place }) => place);
    assert.equal(places.length, mostPlaces, kind);
    assert.equal(places.at(-1), 'elsewhere');
  }
});

test('exemplars of a million requests that nobody keeps take a bounded memory', () => {
  const { telemetry } = startTestTelemetry('proxy', { environment: { OTEL_SAMPLE_RATIO: '0' } });
  const requests = telemetry.metrics.counter('http_requests_total');
  function serve(count: number): void {
    for (let index = 0; index < count; index++) {
      const span = telemetry.tracer.startSpan('GET /v1/models', { kind: 'server', parent: null });
      runInScope({ span }, () => requests.increment({ method: 'GET', path: '/v1/models', status: '200' }));
    }
  }
  serve(10_000);
  const heapBefore = heapInUse();
  serve(million - 10_000);
  assert.ok(heapInUse() - heapBefore < mostGrowthBytes);
  assert.equal(telemetry.metrics.exposition('openmetrics').includes('trace_id'), false);
});

function countSeries(exposition: string): number {
  return exposition.split('\n').filter((line) => /^(http|provider|conversation)_/.test(line)).length;
}
