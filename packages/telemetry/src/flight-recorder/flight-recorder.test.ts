import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { runInScope } from '../context/scope.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { formatTraceparent, keep } from '../traces/index.ts';
import type { FinishedSpan, SpanContext } from '../traces/span.ts';

const unsampled = { OTEL_SAMPLE_RATIO: '0' };
const remote: SpanContext = {
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  sampled: false,
  traceState: '',
};

function start(environment: Record<string, string> = {}) {
  const { telemetry, exporter } = startTestTelemetry('proxy', {
    environment: { ...unsampled, ...environment },
  });
  const { tracer } = telemetry;
  return {
    telemetry,
    tracer,
    recorder: telemetry.flightRecorder,
    /** A server span with one child, both ended. */
    request: (attributes: Record<string, string | number> = {}, parent: SpanContext | null = null) => {
      const server = tracer.startSpan('POST /x', { kind: 'server', parent });
      tracer.startSpan('child', { parent: server, kind: 'client' }).end();
      server.setAttributes(attributes).end();
      return server;
    },
    /** Everything that was exported, by name and reason. */
    exported: async () => {
      await telemetry.stop();
      return exporter.spans.map(shown);
    },
    spans: exporter.spans,
    metric: (sample: string) => {
      const lines = telemetry.metrics.exposition().split('\n');
      return Number(lines.find((line) => line.startsWith(`${sample} `))?.slice(sample.length) ?? 0);
    },
  };
}

function shown({ name, attributes }: FinishedSpan): string {
  const reason = attributes['ibex.keep_reason'];
  return reason === undefined ? name : `${name} (${reason})`;
}

describe('a trace that head sampling refused', () => {
  test('is recorded, and not exported when nothing happens', async () => {
    const { request, exported, metric } = start();
    request({ 'http.response.status_code': 200 });
    assert.equal(metric('ibex_telemetry_flight_recorded_total'), 2);
    assert.deepEqual(await exported(), []);
  });

  test('is exported whole when its request ends with 500 or more, the reason on its local root', async () => {
    const { request, exported, metric } = start();
    request({ 'http.response.status_code': 200 });
    request({ 'http.response.status_code': 503 });
    assert.deepEqual(await exported(), ['child', 'POST /x (status)']);
    assert.equal(metric('ibex_telemetry_kept_traces_total{reason="status",source="local"}'), 1);
  });

  test('says error when something was thrown', async () => {
    const { tracer, exported } = start();
    const failing = tracer.withSpan('job', { kind: 'consumer' }, async () => {
      throw new Error('broken');
    });
    await assert.rejects(failing);
    assert.deepEqual(await exported(), ['job (error)']);
  });

  test('is left alone when the caller was wrong, or a call of its own failed but the request did not', async () => {
    const { tracer, request, exported } = start();
    request({ 'http.response.status_code': 404 });
    request({ 'rpc.grpc.status_code': 5 });
    const server = tracer.startSpan('POST /y', { kind: 'server', parent: null });
    tracer.startSpan('child', { parent: server, kind: 'client' }).setStatus('error').end();
    server.end();
    tracer.startSpan('probe', { kind: 'client', parent: null }).setStatus('error').end();
    assert.deepEqual(await exported(), []);
  });

  test('is exported when it took longer than the objective of its route', async () => {
    const { tracer, exported } = start();
    for (const [route, durationMs] of [
      ['/v1/models', 299],
      ['/v1/models', 301],
      ['/v1/chat/completions', 60_000],
    ] as const) {
      const span = tracer.startSpan(`GET ${route} ${durationMs}`, {
        kind: 'server',
        parent: null,
        startUnixMs: 1e12,
      });
      span.setAttribute('http.route', route).end(1e12 + durationMs);
    }
    assert.deepEqual(await exported(), ['GET /v1/models 301 (slow)']);
  });

  test('travels on as not sampled, with ids of its own', () => {
    const { tracer } = start();
    const server = tracer.startSpan('POST /x', { kind: 'server', parent: remote });
    assert.equal(server.sampled, false);
    assert.equal(server.isRecording, true);
    assert.equal(formatTraceparent(server), `00-${remote.traceId}-${server.spanId}-00`);
    assert.notEqual(server.spanId, remote.spanId);
  });

  test('keeps everything a span has', async () => {
    const { tracer, telemetry, spans, recorder } = start();
    const span = tracer.startSpan('näme', { kind: 'server', parent: remote, links: [{ context: remote }] });
    const attributes = {
      text: 'ü',
      whole: -5,
      large: 2 ** 40,
      part: 0.5,
      yes: true,
      list: ['a', 1, 2.5, false],
    };
    span.setAttributes(attributes).addEvent('event', { key: 'value' }).setStatus('error', 'why').end();
    assert.equal(recorder?.reasonOf(remote.traceId), 'error');
    const other = tracer.startSpan('other', {
      kind: 'producer',
      parent: { ...remote, traceId: 'a'.repeat(32) },
    });
    other.setAttributes(attributes).addEvent('event', { key: 'value' }).end();
    recorder?.keep(other.traceId, 'slow', 'announcement');
    await telemetry.stop();
    const [whole, recovered] = spans;
    assert.deepEqual(recovered?.attributes, { ...attributes, 'ibex.keep_reason': 'slow' });
    assert.deepEqual(recovered?.events, [
      { ...recovered?.events[0], name: 'event', attributes: { key: 'value' } },
    ]);
    assert.equal(recovered?.parentSpanId, remote.spanId);
    assert.equal(recovered?.spanId, other.spanId);
    assert.equal(recovered?.kind, 'producer');
    assert.ok(Math.abs((recovered?.startUnixMs ?? 0) - Date.now()) < 60_000);
    assert.equal(whole?.statusMessage, 'why');
  });
});

describe('keep', () => {
  test('keeps the current request, with what was recorded before and what follows', async () => {
    const { tracer, exported, metric } = start();
    const server = tracer.startSpan('POST /x', { kind: 'server', parent: null });
    runInScope({ span: server }, () => {
      tracer.startSpan('before').end();
      keep('Odd Order');
      tracer.startSpan('after').end();
    });
    server.end();
    assert.deepEqual(await exported(), ['before', 'after', 'POST /x (marked:odd_order)']);
    assert.equal(metric('ibex_telemetry_kept_traces_total{reason="marked",source="local"}'), 1);
  });

  test('marks a sampled trace, which is exported anyway and not counted', async () => {
    const { tracer, exported, metric } = start({ OTEL_SAMPLE_RATIO: '1' });
    const server = tracer.startSpan('POST /x', { kind: 'server', parent: null });
    keep('odd', server);
    server.end();
    assert.deepEqual(await exported(), ['POST /x (marked:odd)']);
    assert.equal(metric('ibex_telemetry_kept_traces_total{reason="marked",source="local"}'), 0);
    assert.equal(metric('ibex_telemetry_flight_recorded_total'), 0);
  });

  test('does nothing outside of a request', () => keep('nobody'));
});

describe('a verdict of another process', () => {
  test('exports what ended long ago, the reason on the local root, and what ends later', async () => {
    const { tracer, recorder, request, exported, metric } = start();
    request({}, remote);
    recorder?.keep(remote.traceId, 'error', 'announcement');
    recorder?.keep(remote.traceId, 'slow', 'announcement');
    tracer.startSpan('late', { kind: 'server', parent: remote }).end();
    assert.deepEqual(await exported(), ['child', 'POST /x (error)', 'late (error)']);
    assert.equal(metric('ibex_telemetry_kept_traces_total{reason="error",source="announcement"}'), 1);
    assert.equal(metric('ibex_telemetry_kept_traces_total{reason="slow",source="announcement"}'), 0);
  });

  test('about a trace that never came by is remembered, and not counted', async () => {
    const { recorder, exported, metric } = start();
    recorder?.keep('a'.repeat(32), 'error', 'announcement');
    assert.deepEqual(await exported(), []);
    assert.equal(metric('ibex_telemetry_kept_traces_total{reason="error",source="announcement"}'), 0);
  });
});

describe('the recorder', () => {
  test('does not hold quiet work', async () => {
    const { tracer, metric } = start();
    const span = tracer.startSpan('GET /healthz', { kind: 'server', parent: null, quiet: true });
    tracer.startSpan('child', { parent: span }).end();
    span.end();
    assert.equal(metric('ibex_telemetry_flight_recorded_total'), 0);
  });

  test('is off when its size is 0: an unsampled span is then nothing', () => {
    const { recorder, tracer } = start({ IBEX_FLIGHT_RECORDER_BYTES: '0' });
    assert.equal(recorder, undefined);
    assert.equal(tracer.startSpan('x', { parent: null }).isRecording, false);
  });

  test('counts what leaves a full ring, and still has the youngest traces', async () => {
    const { request, recorder, exported, metric } = start({ IBEX_FLIGHT_RECORDER_BYTES: '65536' });
    const traces = Array.from({ length: 2_000 }, () => request().traceId);
    const recorded = metric('ibex_telemetry_flight_recorded_total');
    assert.equal(recorded, 4_000);
    assert.ok(metric('ibex_telemetry_flight_evicted_total') > 3_000);
    recorder?.keep(traces[0] ?? '', 'error', 'announcement');
    recorder?.keep(traces.at(-1) ?? '', 'error', 'announcement');
    assert.deepEqual(await exported(), ['child', 'POST /x (error)']);
  });

  test('counts a span that is too large for the ring', () => {
    const { tracer, metric } = start({ IBEX_FLIGHT_RECORDER_BYTES: '65536' });
    const span = tracer.startSpan('large', { parent: null });
    for (let index = 0; index < 20; index++) span.setAttribute(`text.${index}`, 'x y '.repeat(300));
    span.end();
    assert.equal(metric('ibex_telemetry_flight_dropped_total{reason="oversize"}'), 1);
  });

  test('does not take a size that is none', () => {
    assert.throws(
      () => start({ IBEX_FLIGHT_RECORDER_BYTES: '16MiB' }),
      /IBEX_FLIGHT_RECORDER_BYTES must be 0, or a whole number of bytes from 65536 to 1073741824/,
    );
  });
});
