import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ibexContract } from '@ibex/contract';
import { runInScope } from '../context/scope.ts';
import { startTelemetry } from '../start.ts';
import type { Telemetry } from '../telemetry.ts';
import { startApp } from '../testing/fastify-app.ts';
import { MemoryDestination } from '../testing/memory.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import type { Span } from '../traces/span.ts';
import { CellExemplars, Exemplars } from './exemplars.ts';

/** What has telemetry. */
interface Recorded {
  readonly telemetry: Telemetry;
}

const labels = { method: 'GET', path: '/v1/models' } as const;
const unsampled = { environment: { OTEL_SAMPLE_RATIO: '0' } };

/** Exemplars by the sample they stand behind, as they are in OpenMetrics. */
function exemplarsOf({ telemetry }: Recorded, name: string): { sample: string; exemplar: string }[] {
  const lines = telemetry.metrics.exposition('openmetrics').split('\n');
  return lines.flatMap((line) => {
    const [sample = '', exemplar] = line.split(' # ');
    return exemplar !== undefined && sample.startsWith(name) ? [{ sample, exemplar }] : [];
  });
}

function traceIds(own: Recorded, name: string): string[] {
  return exemplarsOf(own, name).map(({ exemplar }) => /trace_id="([0-9a-f]{32})"/.exec(exemplar)?.[1] ?? '');
}

function startRequest({ telemetry }: Recorded): Span {
  return telemetry.tracer.startSpan('GET /v1/models', { kind: 'server', parent: null });
}

function observe({ telemetry }: Recorded, span: Span, seconds: number): void {
  const duration = telemetry.metrics.histogram('http_request_duration_seconds');
  runInScope({ span }, () => duration.observe(labels, seconds));
}

describe('an exemplar of a sampled trace', () => {
  test('stands behind its bucket, with trace, span, value and time', () => {
    const own = startTestTelemetry('proxy');
    const span = startRequest(own);
    observe(own, span, 0.3);
    const [found, ...others] = exemplarsOf(own, 'http_request_duration_seconds');
    assert.deepEqual(others, []);
    assert.match(found?.sample ?? '', /^http_request_duration_seconds_bucket\{.*le="0\.5"\} 1$/);
    const [, trace, spanId, value, time] =
      /^\{trace_id="(.*)",span_id="(.*)"\} (\S+) (\S+)$/.exec(found?.exemplar ?? '') ?? [];
    assert.deepEqual([trace, spanId, value], [span.traceId, span.spanId, '0.3']);
    assert.ok(Math.abs(Number(time) * 1000 - Date.now()) < 60_000);
  });

  test('stands behind a counter that asks for it, with the amount', () => {
    const own = startTestTelemetry('proxy');
    const span = startRequest(own);
    const total = own.telemetry.metrics.counter('http_requests_total');
    runInScope({ span }, () => total.increment({ ...labels, status: '200' }, 3));
    const [found] = exemplarsOf(own, 'http_requests_total');
    assert.match(found?.exemplar ?? '', new RegExp(`^\\{trace_id="${span.traceId}",.*\\} 3 `));
    const limited = own.telemetry.metrics.counter('ibex_proxy_rate_limited_total');
    runInScope({ span }, () => limited.increment({ result: 'denied' }));
    assert.deepEqual(exemplarsOf(own, 'ibex_proxy_rate_limited_total'), []);
  });

  test('is in OpenMetrics only', () => {
    const own = startTestTelemetry('proxy');
    observe(own, startRequest(own), 0.3);
    assert.equal(own.telemetry.metrics.exposition('text').includes('trace_id'), false);
  });

  test('is the first of its bucket between two scrapes', () => {
    const own = startTestTelemetry('proxy');
    const spans = [startRequest(own), startRequest(own), startRequest(own)] as const;
    observe(own, spans[0], 0.3);
    observe(own, spans[1], 0.3);
    observe(own, spans[1], 0.8);
    const name = 'http_request_duration_seconds';
    assert.deepEqual(traceIds(own, name), [spans[0].traceId, spans[1].traceId]);
    observe(own, spans[2], 0.3);
    assert.deepEqual(traceIds(own, name), [spans[2].traceId, spans[1].traceId]);
  });

  test('is not made outside of a span, nor in one that has ended', () => {
    const own = startTestTelemetry('proxy');
    own.telemetry.metrics.histogram('http_request_duration_seconds').observe(labels, 0.3);
    const span = startRequest(own);
    span.end();
    observe(own, span, 0.3);
    assert.deepEqual(exemplarsOf(own, 'http'), []);
  });

  test('is not made where spans go nowhere, whatever the caller has sampled', () => {
    const telemetry = startTelemetry({
      contract: ibexContract,
      service: 'proxy',
      environment: { OTEL_TRACES_EXPORTER: 'none' },
      destination: new MemoryDestination(),
      openTelemetry: false,
    });
    const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true, traceState: '' };
    const span = telemetry.tracer.startSpan('GET /v1/models', { kind: 'server', parent });
    observe({ telemetry }, span, 0.3);
    assert.deepEqual(exemplarsOf({ telemetry }, 'http'), []);
  });
});

describe('an exemplar of a trace that is not sampled', () => {
  test('is shown once the trace is kept, and never when it is not', () => {
    const own = startTestTelemetry('proxy', unsampled);
    const [good, bad] = [startRequest(own), startRequest(own)];
    observe(own, good, 0.3);
    observe(own, bad, 0.8);
    observe(own, bad, 0.002);
    good.end();
    assert.deepEqual(exemplarsOf(own, 'http'), []);
    bad.setStatus('error', 'broken').end();
    assert.deepEqual(traceIds(own, 'http'), [bad.traceId, bad.traceId]);
  });

  test('is shown when another process keeps the trace later', () => {
    const own = startTestTelemetry('proxy', unsampled);
    const span = startRequest(own);
    observe(own, span, 0.3);
    span.end();
    assert.deepEqual(exemplarsOf(own, 'http'), []);
    own.telemetry.flightRecorder?.keep(span.traceId, 'error', 'announcement');
    assert.deepEqual(traceIds(own, 'http'), [span.traceId]);
  });

  test('is shown at once when the trace is kept already', () => {
    const own = startTestTelemetry('proxy', unsampled);
    const span = startRequest(own);
    own.telemetry.flightRecorder?.keep(span.traceId, 'marked:x', 'local');
    observe(own, span, 0.3);
    assert.deepEqual(traceIds(own, 'http'), [span.traceId]);
  });

  test('points at a trace that is exported', async () => {
    const own = startTestTelemetry('proxy', unsampled);
    for (let index = 0; index < 50; index++) {
      const span = startRequest(own);
      observe(own, span, index / 25);
      if (index % 10 === 3) span.setStatus('error', 'broken');
      span.end();
    }
    const shown = new Set(traceIds(own, 'http'));
    assert.ok(shown.size >= 3);
    await own.telemetry.stop();
    const exported = new Set(own.exporter.spans.map(({ traceId }) => traceId));
    assert.equal(exported.size, 5);
    assert.ok([...shown].every((traceId) => exported.has(traceId)));
  });

  test('without a flight recorder is never shown', () => {
    const environment = { OTEL_SAMPLE_RATIO: '0', IBEX_FLIGHT_RECORDER_BYTES: '0' };
    const own = startTestTelemetry('proxy', { environment });
    const span = startRequest(own);
    observe(own, span, 0.3);
    span.setStatus('error', 'broken').end();
    assert.deepEqual(exemplarsOf(own, 'http'), []);
  });
});

describe('what waits for its trace to be kept', () => {
  const spanOf = (index: number) => ({
    traceId: (index + 1).toString(16).padStart(32, '0'),
    spanId: '00000000000000aa',
    sampled: false,
  });

  function createExemplars(): { exemplars: Exemplars; cell: CellExemplars; observeIn(index: number): void } {
    const exemplars = new Exemplars();
    const cell = new CellExemplars(exemplars);
    let current = spanOf(0);
    exemplars.source = { current: () => current, isKept: () => false };
    return {
      exemplars,
      cell,
      observeIn: (index) => {
        current = spanOf(index);
        cell.offer(0, index);
      },
    };
  }

  test('are the latest 4,096 observations', () => {
    const { exemplars, cell, observeIn } = createExemplars();
    for (let index = 0; index < 10_000; index++) observeIn(index);
    exemplars.keep(spanOf(10_000 - 4_097).traceId);
    assert.equal(cell.at(0), undefined);
    exemplars.keep(spanOf(10_000 - 4_096).traceId);
    assert.equal(cell.at(0)?.value, 10_000 - 4_096);
    exemplars.keep(spanOf(9_999).traceId);
    assert.equal(cell.at(0)?.value, 9_999);
  });

  test('is shown the newest first, and once', () => {
    const { exemplars, cell, observeIn } = createExemplars();
    observeIn(7);
    observeIn(7);
    observeIn(8);
    exemplars.keep(spanOf(7).traceId);
    const shown = cell.at(0);
    exemplars.keep(spanOf(8).traceId);
    exemplars.keep(spanOf(7).traceId);
    assert.equal(shown?.value, 7);
    assert.equal(cell.at(0)?.value, 8);
  });

  test('of traces whose ids end alike is told apart', () => {
    const { exemplars, cell, observeIn } = createExemplars();
    for (let index = 0; index < 100; index++) observeIn(index * 4_096);
    exemplars.keep(spanOf(3 * 4_096).traceId);
    assert.equal(cell.at(0)?.value, 3 * 4_096);
  });
});

test('the metrics of an HTTP request have its own trace, kept ones only', async () => {
  const own = await startApp((app) => {
    app.get('/v1/models', async () => 'fine');
    app.get('/v1/models/:model', async () => {
      throw new Error('broken');
    });
  }, unsampled);
  const failed: (string | null)[] = [];
  for (const path of ['/v1/models', '/v1/models/x', '/v1/models', '/v1/models/y', '/v1/models']) {
    const answer = await fetch(own.url + path, { headers: { 'x-request-id': path.replaceAll('/', '') } });
    await answer.text();
    await own.endLine(path.replaceAll('/', ''));
    if (answer.status === 500) failed.push(answer.headers.get('x-trace-id'));
  }
  assert.equal(failed.length, 2);
  assert.ok(traceIds(own, 'http_').every((traceId) => failed.includes(traceId)));
  const [counted] = exemplarsOf(own, 'http_requests_total');
  assert.match(counted?.sample ?? '', /path="\/v1\/models\/:model",status="500"/);
  assert.deepEqual(traceIds(own, 'ibex_proxy_requests_total'), [failed.at(-1)]);
  await own.finish();
});
