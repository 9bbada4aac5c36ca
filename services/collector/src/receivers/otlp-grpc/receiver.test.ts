import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-grpc';
import { CompressionAlgorithm } from '@opentelemetry/otlp-exporter-base';
import { SinkOverloadedError } from '../../model.ts';
import { MemorySink } from '../../testing/memory-sink.ts';
import { sendChatTrace } from '../../testing/otel-traffic.ts';
import { RecordingObserver } from '../../testing/recording-observer.ts';
import { Ingest } from '../ingest.ts';
import { OtlpGrpcReceiver } from './receiver.ts';

const TRACES = '/opentelemetry.proto.collector.trace.v1.TraceService/Export';
const LOGS = '/opentelemetry.proto.collector.logs.v1.LogsService/Export';
const METRICS = '/opentelemetry.proto.collector.metrics.v1.MetricsService/Export';

describe('OtlpGrpcReceiver', () => {
  let sink: MemorySink;
  let observer: RecordingObserver;
  let receiver: OtlpGrpcReceiver;
  let port: number;
  let client: Client;

  beforeEach(async () => {
    sink = new MemorySink();
    observer = new RecordingObserver();
    receiver = new OtlpGrpcReceiver({ ingest: new Ingest({ sink, observer }), host: '127.0.0.1', port: 0 });
    port = await receiver.start();
    client = new Client(`127.0.0.1:${port}`, credentials.createInsecure());
  });

  afterEach(async () => {
    client.close();
    await receiver.stop();
  });

  function call(path: string, body: Buffer, from: Client = client): Promise<Buffer> {
    const asIs = (bytes: Buffer): Buffer => bytes;
    return new Promise((resolve, reject) => {
      from.makeUnaryRequest(path, asIs, asIs, body, new Metadata(), {}, (error, value) => {
        if (error === null) resolve(value ?? Buffer.alloc(0));
        else reject(error);
      });
    });
  }

  for (const compression of [CompressionAlgorithm.NONE, CompressionAlgorithm.GZIP]) {
    test(`takes a trace from the official exporter, compression ${compression}`, async () => {
      const exporter = new OTLPTraceExporter({ url: `http://127.0.0.1:${port}`, compression });
      const { traceId, serverSpanId, providerSpanId } = await sendChatTrace(exporter);
      const [client, server] = sink.kept.spans;
      assert.equal(server?.name, 'POST /v1/chat/completions');
      assert.equal(server.traceId, traceId);
      assert.equal(server.spanId, serverSpanId);
      assert.equal(server.parentSpanId, '');
      assert.equal(server.kind, 'server');
      assert.equal(server.serviceName, 'proxy');
      assert.equal(server.scopeName, 'ibex-test');
      assert.equal(server.attributes['otel.scope.version'], '1.2.3');
      assert.equal(server.attributes['http.response.status_code'], 502);
      assert.equal(server.attributes['gen_ai.request.temperature'], 0.7);
      assert.deepEqual(server.attributes['gen_ai.request.stop_sequences'], ['\n\n', 'END']);
      assert.equal(server.attributes['ibex.cached'], false);
      assert.equal(server.resource['deployment.environment'], 'test');
      assert.equal(client?.spanId, providerSpanId);
      assert.equal(client.parentSpanId, serverSpanId);
      assert.equal(client.status, 'error');
      assert.equal(client.statusMessage, 'no answer within 30 s');
      assert.equal(client.events[0]?.name, 'exception');
      assert.equal(client.events[0].attributes['exception.type'], 'TimeoutError');
      assert.equal(client.links[0]?.spanId, serverSpanId);
      assert.deepEqual(client.links[0].attributes, { reason: 'retry' });
    });
  }

  test('answers an empty request of each signal with full success', async () => {
    for (const path of [TRACES, LOGS, METRICS]) assert.equal((await call(path, Buffer.alloc(0))).length, 0);
    assert.equal(sink.appends, 0);
  });

  test('acknowledges only after the sink has the batch', async () => {
    let open = (): void => undefined;
    sink.gate = new Promise((resolve) => {
      open = resolve;
    });
    let isAnswered = false;
    const answer = call(LOGS, oneLog()).then(() => {
      isAnswered = true;
    });
    while (sink.appends === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(isAnswered, false);
    open();
    await answer;
    assert.equal(sink.kept.logs.length, 1);
  });

  test('answers malformed bytes with INVALID_ARGUMENT, naming field and byte', async () => {
    await assert.rejects(call(TRACES, Buffer.from('0a05', 'hex')), (error: ServiceError) => {
      assert.equal(error.code, status.INVALID_ARGUMENT);
      assert.equal(error.details, 'resource_spans: says it is 5 bytes long where 0 are left (at byte 2)');
      const [details] = error.metadata.get('grpc-status-details-bin');
      assert.ok(Buffer.isBuffer(details));
      assert.match(details.toString('latin1'), /google\.rpc\.BadRequest/);
      return true;
    });
    assert.deepEqual(
      observer.events.map(({ event }) => event),
      ['refused'],
    );
  });

  test('answers an overloaded sink with UNAVAILABLE and RetryInfo', async () => {
    sink.failure = new SinkOverloadedError('the queue is full', 1_500);
    await assert.rejects(call(LOGS, oneLog()), (error: ServiceError) => {
      assert.equal(error.code, status.UNAVAILABLE);
      const [details] = error.metadata.get('grpc-status-details-bin');
      assert.ok(Buffer.isBuffer(details));
      assert.match(details.toString('latin1'), /google\.rpc\.RetryInfo/);
      assert.ok(details.includes(Buffer.from('0a08080110', 'hex')), 'one second and some nanoseconds');
      return true;
    });
  });

  test('answers a sink that failed with UNAVAILABLE, without its inner message', async () => {
    sink.failure = new Error('no space left on /data');
    await assert.rejects(call(LOGS, oneLog()), {
      code: status.UNAVAILABLE,
      details: 'the store did not take the data; send it again',
    });
  });

  test('refuses messages over 4 MiB, also when they only inflate to that', async () => {
    await assert.rejects(call(LOGS, Buffer.alloc(5 * 1024 * 1024)), { code: status.RESOURCE_EXHAUSTED });
    const bomber = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
      'grpc.default_compression_algorithm': 2,
    });
    await assert.rejects(call(LOGS, Buffer.alloc(64 * 1024 * 1024), bomber), {
      code: status.RESOURCE_EXHAUSTED,
    });
    bomber.close();
    assert.equal(sink.appends, 0);
  });
});

/** One log record with the body "hello". */
function oneLog(): Buffer {
  return Buffer.from('0a0f120d120b2a070a0568656c6c6f1009', 'hex');
}
