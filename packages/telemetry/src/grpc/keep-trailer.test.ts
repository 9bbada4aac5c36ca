import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
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
const bytes = (message: Buffer): Buffer => message;

const definition: ServiceDefinition = {
  Do: {
    path,
    requestStream: false,
    responseStream: false,
    requestSerialize: bytes,
    requestDeserialize: bytes,
    responseSerialize: bytes,
    responseDeserialize: bytes,
  },
};

/** A call from one service to another, neither sampling, and what each exported. */
async function call(
  context: TestContext,
  { code, mark, trailer }: { code: status; mark?: string; trailer?: [string, string] },
) {
  const environment = { OTEL_SAMPLE_RATIO: '0' };
  const [callee, caller] = [
    startTestTelemetry('auth', { environment }),
    startTestTelemetry('proxy', { environment }),
  ];
  const server = new Server({ interceptors: [serverInterceptor(callee.telemetry)] });
  server.addService(definition, {
    Do: (
      _call: unknown,
      answer: (error: Partial<ServiceError> | null, message?: Buffer, trailer?: Metadata) => void,
    ) => {
      if (mark !== undefined) keep(mark);
      const metadata = new Metadata();
      if (trailer !== undefined) metadata.set(...trailer);
      answer(code === status.OK ? null : { code, details: 'as asked', metadata }, Buffer.alloc(0), metadata);
    },
  });
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    ),
  );
  const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), {
    interceptors: [clientInterceptor(caller.telemetry)],
  });
  context.after(() => {
    client.close();
    server.forceShutdown();
  });
  const trailers = await new Promise<Metadata>((resolve) => {
    const unary = client.makeUnaryRequest(path, bytes, bytes, Buffer.alloc(0), () => {});
    unary.on('status', ({ metadata }) => resolve(metadata));
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

  test('is not believed when it says something else', async (context) => {
    const { caller } = await call(context, { code: status.OK, trailer: ['x-ibex-keep', 'because I say so'] });
    assert.equal(caller.length, 0);
  });
});
