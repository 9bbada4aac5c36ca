import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  type ClientDuplexStream,
  type ClientReadableStream,
  Metadata,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { currentRequest, currentSpan, type RequestRecord, runInScope } from '../context/scope.ts';
import { startEchoHouse } from '../testing/grpc-echo.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { clientInterceptor } from './client-interceptor.ts';
import { type RpcEnd, serverInterceptor } from './server-interceptor.ts';

type Unary = (call: ServerUnaryCall<Buffer, Buffer>, callback: sendUnaryData<Buffer>) => void;
const hello: Unary = (_call, callback) => callback(null, Buffer.from('hello'));

/** Client and server with telemetry of their own, as two processes have. */
async function start(Echo: Unary = hello, handlers: UntypedServiceImplementation = {}) {
  const near = startTestTelemetry('proxy');
  const far = startTestTelemetry('auth');
  const ends: RpcEnd[] = [];
  const house = await startEchoHouse({
    handlers: { Echo, ...handlers },
    serverInterceptors: [serverInterceptor(far.telemetry, { onEnd: (end) => ends.push(end) })],
    clientInterceptors: [clientInterceptor(near.telemetry, { host: 'auth' })],
  });
  async function finish() {
    house.stop();
    await near.telemetry.stop();
    await far.telemetry.stop();
    return { client: near.exporter.spans, server: far.exporter.spans };
  }
  return { ...house, near, far, ends, finish };
}

const request: RequestRecord = {
  requestId: 'request-1',
  correlationId: 'operation-1',
  method: 'POST',
  route: '/',
  orgId: 'acme',
};

describe('a call', () => {
  test('has a client and a server span of one trace', async () => {
    const { echo, near, ends, finish } = await start();
    const reply = await near.telemetry.tracer.withSpan('outer', {}, () => echo());
    const { client, server } = await finish();
    const [call, outer] = client;
    const [served] = server;
    assert.equal(reply, 'hello');
    assert.deepEqual([call?.name, call?.kind], ['test.v1.EchoService/Echo', 'client']);
    assert.deepEqual([served?.name, served?.kind], ['test.v1.EchoService/Echo', 'server']);
    assert.equal(call?.parentSpanId, outer?.spanId);
    assert.equal(served?.parentSpanId, call?.spanId);
    assert.equal(served?.traceId, outer?.traceId);
    assert.deepEqual(call?.attributes, {
      'rpc.system': 'grpc',
      'rpc.service': 'test.v1.EchoService',
      'rpc.method': 'Echo',
      'rpc.grpc.status_code': 0,
    });
    assert.deepEqual([call?.status, served?.status], ['unset', 'unset']);
    assert.deepEqual(
      ends.map(({ method, status: name }) => [method, name]),
      [['Echo', 'OK']],
    );
    assert.ok((ends[0]?.durationSeconds ?? -1) >= 0);
  });

  test('carries the request, its operation and its organisation, and the handler runs in their scope', async () => {
    const seen: unknown[] = [];
    const { echo, far, finish } = await start((call, callback) => {
      setImmediate(() => {
        seen.push(currentRequest()?.requestId, currentRequest()?.correlationId, currentRequest()?.orgId);
        seen.push(currentSpan()?.isRecording);
        far.telemetry.logger.info('validated');
        hello(call, callback);
      });
    });
    await runInScope({ request }, () => echo());
    const { server } = await finish();
    assert.deepEqual(seen, ['request-1', 'operation-1', 'acme', true]);
    assert.equal(server[0]?.attributes['http.request_id'], 'request-1');
    assert.equal(server[0]?.attributes.org_id, 'acme');
    const [line] = far.destination.lines;
    assert.deepEqual([line?.request_id, line?.trace_id], ['request-1', server[0]?.traceId]);
  });

  test('leaves the metadata of its caller as it was', async () => {
    const metadata = new Metadata();
    metadata.set('authorization', 'Bearer x');
    const organisations: unknown[] = [];
    const { echo, finish } = await start((call, callback) => {
      organisations.push(call.metadata.get('x-org-id')[0]);
      hello(call, callback);
    });
    await runInScope({ request }, () => echo(metadata));
    await echo(metadata);
    await finish();
    assert.deepEqual(metadata.getMap(), { authorization: 'Bearer x' });
    assert.deepEqual(organisations, ['acme', undefined]);
  });

  test('of a hundred at a time is never mixed with another', async () => {
    const { echo, finish } = await start((_call, callback) => {
      const before = currentRequest()?.requestId;
      setTimeout(
        () => callback(null, Buffer.from(`${before} ${currentRequest()?.requestId}`)),
        Math.random() * 5,
      );
    });
    const ids = Array.from({ length: 100 }, (_, index) => `request-${index}`);
    const replies = await Promise.all(
      ids.map((requestId) => runInScope({ request: { ...request, requestId } }, () => echo())),
    );
    await finish();
    assert.deepEqual(
      replies,
      ids.map((id) => `${id} ${id}`),
    );
  });
});

describe('a call that fails', () => {
  test('has status and message on both spans', async () => {
    const { echo, ends, finish } = await start((_call, callback) =>
      callback({ code: status.PERMISSION_DENIED, details: 'not with sk-abcdefghijkl' }),
    );
    await assert.rejects(echo(), { code: status.PERMISSION_DENIED, details: 'not with [REDACTED]' });
    const { client, server } = await finish();
    for (const span of [client[0], server[0]]) {
      assert.deepEqual([span?.status, span?.statusMessage], ['error', 'not with [REDACTED]']);
      assert.equal(span?.attributes['rpc.grpc.status_code'], 7);
      assert.equal(span?.attributes['error.type'], 'PERMISSION_DENIED');
    }
    assert.equal(ends[0]?.status, 'PERMISSION_DENIED');
  });

  test('for want of time, or cancelled, ends once on both sides', async () => {
    const cancelled = Promise.withResolvers<void>();
    const { echo, ends, finish } = await start((call) => call.on('cancelled', () => cancelled.resolve()));
    await assert.rejects(echo(undefined, { deadline: Date.now() + 50 }), { code: status.DEADLINE_EXCEEDED });
    await cancelled.promise;
    const { client, server } = await finish();
    assert.equal(client[0]?.attributes['error.type'], 'DEADLINE_EXCEEDED');
    assert.equal(server.length, 1);
    assert.equal(ends.length, 1);
    assert.match(ends[0]?.status ?? '', /^(CANCELLED|DEADLINE_EXCEEDED)$/);
  });

  test('for want of a server has a client span', async () => {
    const { echo, stopServer, finish } = await start();
    stopServer();
    await assert.rejects(echo(), { code: status.UNAVAILABLE });
    const { client, server } = await finish();
    assert.equal(client[0]?.attributes['error.type'], 'UNAVAILABLE');
    assert.equal(server.length, 0);
  });
});

describe('streams', () => {
  test('that the caller leaves are no failure of the server', async () => {
    const began = Promise.withResolvers<void>();
    const left = Promise.withResolvers<void>();
    const { client, ends, finish } = await start(hello, {
      Count: (call: ServerWritableStream<Buffer, Buffer>) => {
        call.once('cancelled', () => left.resolve());
        began.resolve();
      },
    });
    const stream = (client.Count as unknown as (given: Buffer) => ClientReadableStream<Buffer>).call(
      client,
      Buffer.from('x'),
    );
    stream.on('error', () => undefined);
    await began.promise;
    stream.cancel();
    await left.promise;
    const { server } = await finish();
    assert.equal(server[0]?.attributes['rpc.grpc.status_code'], status.CANCELLED);
    assert.equal(server[0]?.status, 'unset');
    assert.equal(server[0]?.attributes['error.type'], undefined);
    assert.equal(ends[0]?.status, 'CANCELLED');
  });

  test('of answers run in the scope of the call', async () => {
    const { client, finish } = await start(hello, {
      Count: (call: ServerWritableStream<Buffer, Buffer>) => {
        for (let index = 0; index < 3; index++) call.write(Buffer.from(String(currentRequest()?.requestId)));
        call.end();
      },
    });
    const stream = runInScope({ request }, () =>
      (client.Count as unknown as (...given: unknown[]) => ClientReadableStream<Buffer>).call(
        client,
        Buffer.from('x'),
      ),
    );
    const answers = (await stream.toArray()).map(String);
    const spans = await finish();
    assert.deepEqual(answers, ['request-1', 'request-1', 'request-1']);
    assert.deepEqual([spans.client.length, spans.server.length], [1, 1]);
  });

  test('both ways run in the scope of the call', async () => {
    const { client, finish } = await start(hello, {
      Talk: (call: ServerDuplexStream<Buffer, Buffer>) => {
        const atStart = currentRequest()?.requestId;
        call.on('data', () => call.write(Buffer.from(String(atStart))));
        call.on('end', () => call.end());
      },
    });
    const talk = runInScope({ request }, () =>
      (client.Talk as unknown as (...given: unknown[]) => ClientDuplexStream<Buffer, Buffer>).call(client),
    );
    talk.write(Buffer.from('a'));
    talk.end(Buffer.from('b'));
    const answers = (await talk.toArray()).map(String);
    await finish();
    assert.deepEqual(answers, ['request-1', 'request-1']);
  });
});

test('hostile metadata is not believed', async () => {
  const hostile = new Metadata();
  hostile.add('traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`);
  hostile.add('traceparent', `00-${'c'.repeat(32)}-${'d'.repeat(16)}-01`);
  hostile.set('x-request-id', 'x y');
  hostile.set('x-org-id', 'o'.repeat(1_000));
  const { telemetry, exporter } = startTestTelemetry('auth');
  const { echo, stop } = await startEchoHouse({
    handlers: { Echo: hello },
    serverInterceptors: [serverInterceptor(telemetry)],
    clientInterceptors: [],
  });
  await echo(hostile);
  stop();
  await telemetry.stop();
  const [span] = exporter.spans;
  assert.equal(span?.parentSpanId, '');
  assert.match(String(span?.attributes['http.request_id']), /^[0-9a-f-]{36}$/);
  assert.equal(span?.attributes.org_id, undefined);
});
