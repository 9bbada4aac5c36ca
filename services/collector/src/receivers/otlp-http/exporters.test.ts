import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { SeverityNumber } from '@opentelemetry/api';
import { OTLPLogExporter } from '@opentelemetry/exporter-logs-otlp-proto';
import { OTLPMetricExporter } from '@opentelemetry/exporter-metrics-otlp-proto';
import { OTLPTraceExporter as JsonTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { OTLPTraceExporter as ProtoTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { BatchLogRecordProcessor, LoggerProvider } from '@opentelemetry/sdk-logs';
import {
  AggregationTemporality,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import { MemorySink } from '../../testing/memory-sink.ts';
import { proxyResource, sendChatTrace } from '../../testing/otel-traffic.ts';
import { RecordingObserver } from '../../testing/recording-observer.ts';
import { Ingest } from '../ingest.ts';
import { OtlpHttpReceiver } from './receiver.ts';

describe('OtlpHttpReceiver and the official exporters', () => {
  let sink: MemorySink;
  let receiver: OtlpHttpReceiver;
  let port: number;

  beforeEach(async () => {
    sink = new MemorySink();
    const ingest = new Ingest({ sink, observer: new RecordingObserver() });
    receiver = new OtlpHttpReceiver({ ingest, host: '127.0.0.1', port: 0 });
    port = await receiver.start();
  });

  afterEach(() => receiver.stop());

  for (const [name, Exporter] of [
    ['JSON', JsonTraceExporter],
    ['protobuf', ProtoTraceExporter],
  ] as const) {
    for (const compression of [CompressionAlgorithm.NONE, CompressionAlgorithm.GZIP]) {
      test(`takes a trace from the official ${name} exporter, compression ${compression}`, async () => {
        const sent = await sendChatTrace(
          new Exporter({ url: `http://127.0.0.1:${port}/v1/traces`, compression }),
        );
        const [client, server] = sink.kept.spans;
        assert.equal(server?.traceId, sent.traceId);
        assert.equal(server.spanId, sent.serverSpanId);
        assert.equal(server.kind, 'server');
        assert.deepEqual(server.attributes['gen_ai.request.stop_sequences'], ['\n\n', 'END']);
        assert.equal(client?.status, 'error');
        assert.equal(client.parentSpanId, sent.serverSpanId);
        assert.equal(client.links[0]?.traceId, sent.traceId);
      });
    }
  }

  test('takes logs from the official exporter', async () => {
    const exporter = new OTLPLogExporter({ url: `http://127.0.0.1:${port}/v1/logs` });
    const processors = [new BatchLogRecordProcessor({ exporter })];
    const provider = new LoggerProvider({ resource: proxyResource(), processors });
    provider.getLogger('ibex').emit({
      severityNumber: SeverityNumber.WARN,
      severityText: 'WARN',
      body: 'rate limit backend unavailable',
      attributes: {
        request_id: '01929b5e-8f2a-7c3d-9e4f-5a6b7c8d9e0f',
        error: { name: 'ECONNREFUSED', port: 6379 },
      },
    });
    await provider.forceFlush();
    await provider.shutdown();
    const [log] = sink.kept.logs;
    assert.equal(log?.level, 'WARN');
    assert.equal(log.message, 'rate limit backend unavailable');
    assert.equal(log.serviceName, 'proxy');
    assert.equal(log.requestId, '01929b5e-8f2a-7c3d-9e4f-5a6b7c8d9e0f');
    assert.deepEqual(log.attributes.error, { name: 'ECONNREFUSED', port: 6379 });
    assert.equal(log.traceId, '');
  });

  for (const temporalityPreference of [AggregationTemporality.CUMULATIVE, AggregationTemporality.DELTA]) {
    test(`takes metrics from the official exporter, ${AggregationTemporality[temporalityPreference]}`, async () => {
      const exporter = new OTLPMetricExporter({
        url: `http://127.0.0.1:${port}/v1/metrics`,
        temporalityPreference,
      });
      const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
      const provider = new MeterProvider({ resource: proxyResource(), readers: [reader] });
      const meter = provider.getMeter('ibex');
      const requests = meter.createCounter('http.requests', { description: 'Requests.', unit: '{request}' });
      const duration = meter.createHistogram('http.duration', {
        unit: 's',
        advice: { explicitBucketBoundaries: [0.1, 1] },
      });
      for (const seconds of [0.05, 0.5]) {
        requests.add(2, { route: '/v1/models' });
        duration.record(seconds);
        await provider.forceFlush();
        await nextMillisecond();
      }
      await provider.shutdown();
      const values = (name: string): number[] =>
        sink.kept.samples.filter((each) => each.name === name).map(({ value }) => value);
      assert.deepEqual(values('http_requests_total').slice(0, 2), [2, 4]);
      assert.deepEqual(values('http_duration_seconds_count').slice(0, 2), [1, 2]);
      assert.deepEqual(values('http_duration_seconds_bucket').slice(0, 6), [1, 1, 1, 1, 2, 2]);
      const { labels } = sink.kept.samples.find(({ name }) => name === 'http_requests_total') ?? {};
      assert.equal(labels?.route, '/v1/models');
      assert.equal(labels.service, 'proxy');
      assert.deepEqual(sink.kept.metadata[0], {
        name: 'http_requests_total',
        type: 'counter',
        unit: '',
        help: 'Requests.',
      });
    });
  }
});

/** Points of two exports in one millisecond would have the same time. */
async function nextMillisecond(): Promise<void> {
  const now = Date.now();
  while (Date.now() === now) await new Promise((resolve) => setImmediate(resolve));
}
