import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { OTLPTraceExporter as ProtoTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { SinkOverloadedError } from '../../model.ts';
import { MemorySink } from '../../testing/memory-sink.ts';
import { sendChatTrace } from '../../testing/otel-traffic.ts';
import { RecordingObserver } from '../../testing/recording-observer.ts';
import { Ingest } from '../ingest.ts';
import { OtlpHttpReceiver } from './receiver.ts';

const JSON_TYPE = 'application/json';
const PROTOBUF_TYPE = 'application/x-protobuf';
const SPAN = {
  traceId: '5B8EFFF798038103D269B633813FC60C',
  spanId: 'EEE19B7EC3C1B174',
  name: 'provider.generate',
  kind: 3,
  startTimeUnixNano: '1544712660000000000',
  endTimeUnixNano: '1544712661000000000',
};

function traceRequest(...spans: object[]): string {
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'proxy' } }] };
  return JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans }] }] });
}

describe('OtlpHttpReceiver', () => {
  let sink: MemorySink;
  let observer: RecordingObserver;
  let receiver: OtlpHttpReceiver;
  let port: number;

  beforeEach(async () => {
    sink = new MemorySink();
    observer = new RecordingObserver();
    await listen({});
  });

  afterEach(() => receiver.stop());

  async function listen(limits: { maxBytesInWork?: number; maxBodyBytes?: number }): Promise<void> {
    const ingest = new Ingest({ sink, observer, ...limits });
    receiver = new OtlpHttpReceiver({ ingest, host: '127.0.0.1', port: 0, ...limits });
    port = await receiver.start();
  }

  function post(
    path: string,
    body: string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Response> {
    const init = { method: 'POST', body, headers: { 'content-type': JSON_TYPE, ...headers } };
    return fetch(`http://127.0.0.1:${port}${path}`, init as RequestInit);
  }

  function refusals(): string[] {
    return observer.events.flatMap((event) => (event.event === 'refused' ? [event.reason] : []));
  }

  test('answers full success with an empty message in the type of the request', async () => {
    const answer = await post('/v1/traces', traceRequest(SPAN));
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get('content-type'), JSON_TYPE);
    assert.equal(await answer.text(), '{}');
    assert.equal(sink.kept.spans[0]?.traceId, '5b8efff798038103d269b633813fc60c');
    const empty = await post('/v1/metrics', Buffer.alloc(0), { 'content-type': PROTOBUF_TYPE });
    assert.equal(empty.headers.get('content-type'), PROTOBUF_TYPE);
    assert.equal((await empty.arrayBuffer()).byteLength, 0);
  });

  test('answers partial success with the rejected count and the reasons', async () => {
    const zero = { ...SPAN, traceId: '0'.repeat(32) };
    const backwards = { ...SPAN, name: 'backwards', endTimeUnixNano: '1544712659999999999' };
    const answer = await post('/v1/traces', traceRequest(SPAN, zero, backwards));
    assert.equal(answer.status, 200);
    const { partialSuccess } = (await answer.json()) as { partialSuccess: Record<string, string> };
    assert.equal(partialSuccess.rejectedSpans, '2');
    assert.match(partialSuccess.errorMessage ?? '', /1 invalid_trace_id, 1 end_before_start/);
    assert.match(partialSuccess.errorMessage ?? '', /span 'backwards': it ends 1 ns before it starts/);
    assert.equal(sink.kept.spans.length, 1);
  });

  test('answers malformed JSON with 400 and a status that names the field', async () => {
    const answer = await post('/v1/traces', '{"resourceSpans":[{"scopeSpans":[{"spans":[{},{"name":7}]}]}]}');
    assert.equal(answer.status, 400);
    assert.deepEqual(await answer.json(), {
      code: 3,
      message: 'resourceSpans[0].scopeSpans[0].spans[1].name: must be a string, is number 7',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.BadRequest',
          fieldViolations: [
            {
              field: 'resourceSpans[0].scopeSpans[0].spans[1].name',
              description: 'resourceSpans[0].scopeSpans[0].spans[1].name: must be a string, is number 7',
            },
          ],
        },
      ],
    });
    for (const body of ['', 'null', '[]', '{"a":', '\u0000'])
      assert.equal((await post('/v1/logs', body)).status, 400);
  });

  test('answers errors in protobuf to protobuf', async () => {
    const answer = await post('/v1/logs', Buffer.from('0a05', 'hex'), { 'content-type': PROTOBUF_TYPE });
    assert.equal(answer.status, 400);
    assert.equal(answer.headers.get('content-type'), PROTOBUF_TYPE);
    const body = Buffer.from(await answer.arrayBuffer());
    assert.equal(body.readUInt16BE(0), 0x0803);
    assert.match(body.toString('latin1'), /resource_logs: says it is 5 bytes long/);
  });

  test('refuses a bomb as too large, without inflating more than the limit', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const answer = await post('/v1/traces', bomb, {
      'content-encoding': 'gzip',
      'content-type': PROTOBUF_TYPE,
    });
    assert.equal(answer.status, 413);
    const plain = await post('/v1/traces', Buffer.alloc(21 * 1024 * 1024), { 'content-type': PROTOBUF_TYPE });
    assert.equal(plain.status, 413);
    assert.deepEqual(refusals(), ['too_large', 'too_large']);
  });

  test('refuses what is not the gzip it says', async () => {
    const gzip = { 'content-encoding': 'gzip' };
    assert.equal((await post('/v1/traces', 'not gzip', gzip)).status, 400);
    const cut = gzipSync(traceRequest(SPAN)).subarray(0, 60);
    assert.equal((await post('/v1/traces', cut, gzip)).status, 400);
    assert.equal(sink.appends, 0);
  });

  test('refuses other content types and encodings with 415, saying what it takes', async () => {
    const text = await post('/v1/traces', 'x', { 'content-type': 'text/plain' });
    assert.equal(text.status, 415);
    assert.match(await text.text(), /must be application\/x-protobuf or application\/json, is text\/plain/);
    const brotli = await post('/v1/traces', '{}', { 'content-encoding': 'br' });
    assert.equal(brotli.status, 415);
    assert.equal(brotli.headers.get('accept-encoding'), 'gzip');
    assert.equal(
      (await post('/v1/traces', '{}', { 'content-type': 'application/json; charset=utf-8' })).status,
      200,
    );
  });

  test('answers other paths with 404 and other methods with 405', async () => {
    assert.equal((await post('/v1/profiles', '{}')).status, 404);
    const get = await fetch(`http://127.0.0.1:${port}/v1/traces`);
    assert.equal(get.status, 405);
    assert.equal(get.headers.get('allow'), 'POST');
  });

  test('tells senders to come again when the sink is overloaded, and keeps nothing', async () => {
    sink.failure = new SinkOverloadedError('the queue is full', 1_500);
    const answer = await post('/v1/traces', traceRequest(SPAN));
    assert.equal(answer.status, 503);
    assert.equal(answer.headers.get('retry-after'), '2');
    const { details } = (await answer.json()) as { details: object[] };
    assert.deepEqual(details, [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' }]);
    sink.failure = undefined;
    assert.equal((await post('/v1/traces', traceRequest(SPAN))).status, 200);
  });

  test('the official exporter retries after an overload until the batch is in', async () => {
    sink.failure = new SinkOverloadedError('the queue is full', 10);
    const sent = sendChatTrace(new ProtoTraceExporter({ url: `http://127.0.0.1:${port}/v1/traces` }));
    while (refusals().length === 0) await new Promise((resolve) => setImmediate(resolve));
    sink.failure = undefined;
    await sent;
    assert.equal(sink.kept.spans.length, 2);
  });

  test('bounds the memory of all requests in work', async () => {
    await receiver.stop();
    await listen({ maxBytesInWork: 600 });
    let open = (): void => undefined;
    sink.gate = new Promise((resolve) => {
      open = resolve;
    });
    const first = post('/v1/traces', traceRequest(SPAN));
    while (sink.appends === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.equal((await post('/v1/traces', traceRequest(SPAN, SPAN))).status, 503);
    open();
    assert.equal((await first).status, 200);
    assert.equal((await post('/v1/traces', traceRequest(SPAN, SPAN))).status, 200);
  });

  test('survives a sender that leaves inside the body', async () => {
    const socket = connect(port, '127.0.0.1');
    socket.write(
      'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{',
    );
    await new Promise((resolve) => setTimeout(resolve, 50));
    socket.destroy();
    while (refusals().length === 0) await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(refusals(), ['aborted']);
    assert.equal((await post('/v1/traces', traceRequest(SPAN))).status, 200);
  });
});
