import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { Metadata, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import { context as apiContext, propagation, SpanKind, trace } from '@opentelemetry/api';
import { Agent, request } from 'undici';
import { type RequestRecord, runInScope } from '../context/scope.ts';
import { type ClientInterceptorOptions, clientInterceptor } from '../grpc/client-interceptor.ts';
import { serverInterceptor } from '../grpc/server-interceptor.ts';
import { type TracedDispatcherOptions, tracedDispatcher } from '../http/dispatcher.ts';
import { startEchoHouse } from '../testing/grpc-echo.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';

const baggage = propagation.createBaggage({
  'ibex.experiment': { value: 'blue' },
  user_id: { value: '17' },
});
const served: RequestRecord = {
  requestId: 'request-1',
  correlationId: 'operation-1',
  method: 'GET',
  route: '/',
  orgId: 'acme',
  baggage,
};
const parent = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), sampled: true, traceState: 'vendor=1' };
const travelling = ['traceparent', 'tracestate', 'baggage', 'x-request-id', 'x-org-id'] as const;

/** Calls a server from within a request; resolves with what travelled. */
async function call(
  context: TestContext,
  {
    environment = {},
    headers = {},
    verdict,
    ...options
  }: TracedDispatcherOptions & {
    environment?: Record<string, string>;
    headers?: Record<string, string>;
    verdict?: string;
  },
) {
  const { telemetry } = startTestTelemetry('proxy', {
    environment: { OTEL_SAMPLE_RATIO: '0', ...environment },
  });
  const received: IncomingHttpHeaders[] = [];
  const server = createServer((incoming, response) => {
    received.push(incoming.headers);
    if (verdict !== undefined) response.setHeader('x-ibex-keep', verdict);
    response.end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const agent = new Agent();
  context.after(async () => {
    await agent.destroy();
    server.close();
    await telemetry.stop();
  });
  const dispatcher = tracedDispatcher(telemetry, agent, options);
  const span = telemetry.tracer.startSpan('work', { parent: { ...parent, sampled: false } });
  await runInScope({ request: served, span }, async () => {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await (await request(url, { dispatcher, headers })).body.dump();
  });
  const kept = telemetry.flightRecorder?.reasonOf(parent.traceId);
  return { kept, headers: Object.fromEntries(travelling.map((name) => [name, received[0]?.[name]])) };
}

const nothing = Object.fromEntries(travelling.map((name) => [name, undefined]));

describe('over HTTP', () => {
  test('a service of our own is told the trace, the request and what is allowed of the baggage', async (context) => {
    const { headers } = await call(context, { host: 'collector' });
    assert.match(String(headers.traceparent), /^00-a{32}-[0-9a-f]{16}-00$/);
    const { traceparent: _, ...rest } = headers;
    assert.deepEqual(rest, {
      tracestate: 'vendor=1',
      baggage: 'ibex.experiment=blue',
      'x-request-id': 'request-1',
      'x-org-id': undefined,
    });
    const auth = await call(context, { host: 'auth' });
    assert.equal(auth.headers['x-org-id'], 'acme');
  });

  test('providers and hosts nobody declared are told nothing', async (context) => {
    assert.deepEqual((await call(context, { host: 'provider' })).headers, nothing);
    assert.deepEqual((await call(context, {})).headers, nothing);
  });

  test('they do not see what code has set by mistake either', async (context) => {
    const headers = { TraceParent: '00-x', tracestate: 'a=1', Baggage: 'a=1', 'x-own': 'stays' };
    assert.deepEqual((await call(context, { headers })).headers, nothing);
  });

  test('hosts the operator trusts are told, a provider among them', async (context) => {
    for (const host of [{ host: 'provider' }, {}]) {
      const environment = { IBEX_TRUSTED_HOSTS: '127.0.0.1', IBEX_BAGGAGE_KEYS: 'user_id' };
      const { headers } = await call(context, { ...host, environment });
      assert.match(String(headers.traceparent), /^00-a{32}-/);
      assert.equal(headers.baggage, 'ibex.experiment=blue,user_id=17');
      assert.deepEqual([headers['x-request-id'], headers['x-org-id']], ['request-1', undefined]);
    }
  });

  test('the verdict of a host is heard only where it knows the trace', async (context) => {
    assert.equal((await call(context, { host: 'auth', verdict: 'error' })).kept, 'error');
    assert.equal((await call(context, { verdict: 'error' })).kept, undefined);
    assert.equal(
      (await call(context, { host: 'auth', acceptsVerdicts: false, verdict: 'error' })).kept,
      undefined,
    );
  });
});

/** One call over gRPC, and what its metadata told a service. */
async function invoke(
  options: ClientInterceptorOptions,
  { environment, far = {} }: { environment?: Record<string, string>; far?: Record<string, string> } = {},
) {
  const near = startTestTelemetry('proxy', environment === undefined ? {} : { environment });
  const callee = startTestTelemetry('auth', { environment: { OTEL_SAMPLE_RATIO: '1', ...far } });
  const seen: Metadata[] = [];
  const house = await startEchoHouse({
    handlers: {
      Echo: (given: ServerUnaryCall<Buffer, Buffer>, answer: sendUnaryData<Buffer>) => {
        seen.push(given.metadata);
        answer(null, Buffer.from('hello'));
      },
    },
    serverInterceptors: [serverInterceptor(callee.telemetry)],
    clientInterceptors: [clientInterceptor(near.telemetry, options)],
  });
  const span = near.telemetry.tracer.startSpan('work', { parent });
  await runInScope({ request: served, span }, () => house.echo(new Metadata()));
  house.stop();
  await Promise.all([near.telemetry.stop(), callee.telemetry.stop()]);
  return {
    headers: Object.fromEntries(travelling.map((name) => [name, seen[0]?.get(name)[0]])),
    span: callee.exporter.spans[0],
  };
}

describe('over gRPC', () => {
  test('auth is told everything and believes it', async () => {
    const { headers, span } = await invoke({ host: 'auth' });
    assert.deepEqual([headers['x-org-id'], headers['x-request-id']], ['acme', 'request-1']);
    assert.equal(headers.baggage, 'ibex.experiment=blue');
    assert.deepEqual([span?.traceId, span?.attributes.org_id], [parent.traceId, 'acme']);
  });

  test('a server nobody declared is told nothing, unless the operator trusts it', async () => {
    assert.deepEqual((await invoke({})).headers, nothing);
    assert.deepEqual((await invoke({ address: 'billing.internal' })).headers, nothing);
    const environment = { OTEL_SAMPLE_RATIO: '1', IBEX_TRUSTED_HOSTS: '*.internal' };
    const { headers } = await invoke({ address: 'billing.internal' }, { environment });
    assert.match(String(headers.traceparent), /^00-a{32}-/);
  });

  test('a listener that restarts traces links to the caller and believes no organisation', async () => {
    const { span } = await invoke({ host: 'auth' }, { far: { IBEX_TRUST_INBOUND: 'auth_grpc=restart' } });
    assert.notEqual(span?.traceId, parent.traceId);
    assert.equal(span?.links[0]?.context.traceId, parent.traceId);
    assert.equal(span?.attributes.org_id, undefined);
    assert.equal(span?.attributes['http.request_id'], 'request-1');
  });
});

describe('through the OpenTelemetry API', () => {
  test('an instrumentation tells only the hosts that may know, by the server its span names', async () => {
    const { telemetry } = startTestTelemetry('proxy', {
      openTelemetry: true,
      environment: { OTEL_SAMPLE_RATIO: '1', IBEX_TRUSTED_HOSTS: 'billing.internal' },
    });
    const inject = (attributes: Record<string, string>, kind = SpanKind.CLIENT) => {
      const span = trace.getTracer('library').startSpan('GET', { kind, attributes });
      const carrier: Record<string, string> = {};
      const context = propagation.setBaggage(trace.setSpan(apiContext.active(), span), baggage);
      propagation.inject(context, carrier);
      span.end();
      return carrier;
    };
    for (const attributes of [
      { 'server.address': 'billing.internal' },
      { 'net.peer.name': 'billing.internal' },
      { 'http.host': 'billing.internal:8080' },
      { 'url.full': 'https://billing.internal/invoices?id=1' },
    ]) {
      const carrier = inject(attributes);
      assert.match(carrier.traceparent ?? '', /^00-[0-9a-f]{32}-[0-9a-f]{16}-03$/);
      assert.equal(carrier.baggage, 'ibex.experiment=blue');
    }
    for (const attributes of [{ 'server.address': 'api.example.com' }, { 'url.full': 'nowhere' }, {}]) {
      assert.deepEqual(inject(attributes), {});
    }
    const message = inject({}, SpanKind.PRODUCER);
    assert.deepEqual(Object.keys(message), ['traceparent', 'baggage']);
    await telemetry.stop();
  });

  test('a stranger is not extracted', async () => {
    const carrier = {
      traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`,
      baggage: 'ibex.experiment=blue',
    };
    for (const [rule, isBelieved] of [
      ['accept', true],
      ['restart', false],
      ['drop', false],
    ] as const) {
      const { telemetry } = startTestTelemetry('proxy', {
        openTelemetry: true,
        environment: { IBEX_TRUST_INBOUND: rule },
      });
      const extracted = propagation.extract(apiContext.active(), carrier);
      assert.equal(trace.getSpanContext(extracted)?.traceId === 'a'.repeat(32), isBelieved);
      assert.equal(propagation.getBaggage(extracted) !== undefined, isBelieved);
      await telemetry.stop();
    }
  });

  test('baggage that code sets travels in place of what the request brought', async (context) => {
    const { telemetry } = startTestTelemetry('proxy', { openTelemetry: true });
    const received: IncomingHttpHeaders[] = [];
    const server = createServer((incoming, response) => {
      received.push(incoming.headers);
      response.end();
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const agent = new Agent();
    context.after(async () => {
      await agent.destroy();
      server.close();
    });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const dispatcher = tracedDispatcher(telemetry, agent, { host: 'services' });
    const send = async () => (await request(url, { dispatcher })).body.dump();
    await runInScope({ request: served }, async () => {
      await send();
      const own = propagation.createBaggage({ 'ibex.synthetic': { value: 'yes' } });
      await apiContext.with(propagation.setBaggage(apiContext.active(), own), send);
      await apiContext.with(propagation.deleteBaggage(apiContext.active()), send);
    });
    assert.deepEqual(
      received.map((headers) => headers.baggage),
      ['ibex.experiment=blue', 'ibex.synthetic=yes', undefined],
    );
    await telemetry.stop();
  });
});
