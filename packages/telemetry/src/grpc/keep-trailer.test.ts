import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import {
  Client,
  credentials,
  Metadata,
  Server,
  ServerCredentials,
  type ServiceDefinition,
  type ServiceError,
  status,
} from '@grpc/grpc-js';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';
import { keep } from '../traces/index.ts';
import { clientInterceptor } from './client-interceptor.ts';
import { serverInterceptor } from './server-interceptor.ts';

const path = '/test.Service/Do';
const validateToken = '/ibex.auth.v1.AuthService/ValidateToken';
const bytes = (message: Buffer): Buffer => message;

function unary(methodPath: string) {
  return {
    path: methodPath,
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  } as const;
}
const definition: ServiceDefinition = { Do: unary(path), ValidateToken: unary(validateToken) };

/** A call from one service to another, neither sampling unless a ratio is given, and what each exported. */
async function call(
  context: TestContext,
  {
    code,
    mark,
    trailer,
    ratio = 0,
    called = path,
    takesMs = 0,
  }: {
    code: status;
    mark?: string;
    trailer?: [string, string];
    ratio?: number;
    called?: string;
    takesMs?: number;
  },
) {
  const environment = { OTEL_SAMPLE_RATIO: String(ratio) };
  const [callee, caller] = [
    startTestTelemetry('auth', { environment }),
    startTestTelemetry('proxy', { environment }),
  ];
  const server = new Server({ interceptors: [serverInterceptor(callee.telemetry)] });
  const handle = async (
    _call: unknown,
    answer: (error: Partial<ServiceError> | null, message?: Buffer, trailer?: Metadata) => void,
  ) => {
    await delay(takesMs);
    if (mark !== undefined) keep(mark);
    const metadata = new Metadata();
    if (trailer !== undefined) metadata.set(...trailer);
    answer(code === status.OK ? null : { code, details: 'as asked', metadata }, Buffer.alloc(0), metadata);
  };
  server.addService(definition, { Do: handle, ValidateToken: handle });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    interceptors: [clientInterceptor(caller.telemetry, { host: 'auth' })],
  });
  context.after(() => {
    client.close();
    server.forceShutdown();
  });
  const trailers = await new Promise<Metadata>((resolve) => {
    const request = client.makeUnaryRequest(called, bytes, bytes, Buffer.alloc(0), () => {});
    request.on('status', ({ metadata }) => resolve(metadata));
  });
  await Promise.all([callee.telemetry.stop(), caller.telemetry.stop()]);
  return {
    trailers,
    callee: callee.exporter.spans,
    caller: caller.exporter.spans,
    kept: caller.telemetry.metrics
      .exposition()
      .split('\n')
      .filter((line) => line.startsWith('ibex_telemetry_kept')),
  };
}

describe('the trailer x-ibex-keep', () => {
  test('says that the call failed here, and the caller keeps its part', async (context) => {
    const { trailers, callee, caller, kept } = await call(context, {
      code: status.INTERNAL,
      trailer: ['x-own', 'stays'],
    });
    assert.deepEqual(trailers.get('x-ibex-keep'), ['status']);
    assert.deepEqual(trailers.get('x-own'), ['stays']);
    assert.equal(callee[0]?.attributes['ibex.keep_reason'], 'status');
    assert.equal(caller.length, 1);
    assert.equal(caller[0]?.traceId, callee[0]?.traceId);
    assert.equal(caller[0]?.spanId, callee[0]?.parentSpanId);
    assert.deepEqual(kept, ['ibex_telemetry_kept_traces_total{reason="status",source="response"} 1']);
  });

  test('says that the trace was marked, also on a call that succeeds', async (context) => {
    const { trailers, callee, caller } = await call(context, { code: status.OK, mark: 'odd' });
    assert.deepEqual(trailers.get('x-ibex-keep'), ['marked:odd']);
    assert.equal(callee.length, 1);
    assert.equal(caller.length, 1);
  });

  test('is absent when nothing happened, or the call itself was wrong', async (context) => {
    for (const code of [status.OK, status.NOT_FOUND, status.INVALID_ARGUMENT]) {
      const { trailers, callee, caller } = await call(context, { code });
      assert.deepEqual(trailers.get('x-ibex-keep'), []);
      assert.deepEqual([callee.length, caller.length], [0, 0]);
    }
  });

  test('says that a call took longer than the objective of its method, which others do not have', async (context) => {
    const slow = await call(context, { code: status.OK, called: validateToken, takesMs: 60 });
    assert.deepEqual(slow.trailers.get('x-ibex-keep'), ['slow']);
    assert.equal(slow.callee[0]?.attributes['ibex.keep_reason'], 'slow');
    assert.equal(slow.caller.length, 1);
    const other = await call(context, { code: status.OK, takesMs: 60 });
    assert.deepEqual([other.trailers.get('x-ibex-keep'), other.callee.length], [[], 0]);
  });

  test('puts the reason on both sides of a call that is sampled, too', async (context) => {
    const { trailers, callee, caller, kept } = await call(context, { code: status.INTERNAL, ratio: 1 });
    assert.deepEqual(trailers.get('x-ibex-keep'), ['status']);
    const reasons = [callee, caller].map(([span]) => span?.attributes['ibex.keep_reason']);
    // The span of the call is the first of its trace in the caller.
    assert.deepEqual([reasons, callee.length, caller.length, kept], [['status', 'status'], 1, 1, []]);
  });

  test('is not believed when it says something else', async (context) => {
    const { caller } = await call(context, { code: status.OK, trailer: ['x-ibex-keep', 'because I say so'] });
    assert.equal(caller.length, 0);
  });
});
