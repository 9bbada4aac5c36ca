import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import { describe, type TestContext, test } from 'node:test';
import { propagation } from '@opentelemetry/api';
import { adapters } from '../http/testing/adapters.ts';
import { TestClient } from '../http/testing/client.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';

const traceId = 'a'.repeat(32);
const spanId = 'b'.repeat(16);
const caller = {
  'x-request-id': 'request-of-the-caller',
  'x-org-id': 'acme',
  traceparent: `00-${traceId}-${spanId}-03`,
  tracestate: 'vendor=1',
  baggage: 'ibex.experiment=blue,user_id=17',
};

/** Sends one request to a server of a framework; resolves with its answer, span and line. */
async function ask(
  context: TestContext,
  start: (typeof adapters)[string],
  {
    service,
    rule,
    ratio = '1',
    path = '/',
    headers = caller,
  }: {
    service: 'proxy' | 'auth';
    rule?: string;
    ratio?: string;
    path?: string;
    headers?: OutgoingHttpHeaders;
  },
) {
  const environment = {
    OTEL_SAMPLE_RATIO: ratio,
    IBEX_FLIGHT_RECORDER_BYTES: ratio === '1' ? '0' : '65536',
    ...(rule === undefined ? {} : { IBEX_TRUST_INBOUND: rule }),
  };
  const { telemetry, exporter, destination } = startTestTelemetry(service, { environment });
  const server = await start(telemetry);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = new TestClient(server);
  context.after(() => {
    client.close();
    server.closeAllConnections();
    server.close();
  });
  const answer = await client.send(path, { headers });
  while (!destination.lines.some(({ msg }) => String(msg).startsWith('request '))) {
    await new Promise(setImmediate);
  }
  await telemetry.stop();
  return { answer, span: exporter.spans.find(({ kind }) => kind === 'server') };
}

for (const [name, start] of Object.entries(adapters)) {
  describe(`a listener on ${name}`, () => {
    test('for anybody begins a trace of its own, linked to the span of the caller', async (context) => {
      const { answer, span } = await ask(context, start, { service: 'proxy' });
      assert.notEqual(span?.traceId, traceId);
      assert.equal(answer.headers['x-trace-id'], span?.traceId);
      assert.deepEqual([span?.parentSpanId, span?.traceState], ['', '']);
      assert.deepEqual(
        span?.links.map((link) => [link.context.traceId, link.context.spanId, link.context.traceState]),
        [[traceId, spanId, '']],
      );
      assert.equal(answer.headers['x-request-id'], 'request-of-the-caller');
      assert.equal(span?.attributes.org_id, undefined);
    });

    test('for anybody is not forced to record by a sampled flag, and tells no verdict', async (context) => {
      const quiet = await ask(context, start, { service: 'proxy', ratio: '0' });
      assert.equal(quiet.span, undefined);
      const failed = await ask(context, start, { service: 'proxy', ratio: '0', path: '/throws' });
      assert.equal(failed.answer.status, 500);
      assert.equal(failed.answer.headers['x-ibex-keep'], undefined);
      assert.equal(failed.span?.attributes['ibex.keep_reason'], 'error');
      assert.equal(failed.span?.links[0]?.context.traceId, traceId);
    });

    test('that drops traces does not mention the caller', async (context) => {
      const { span } = await ask(context, start, { service: 'proxy', rule: 'drop' });
      assert.notEqual(span?.traceId, traceId);
      assert.deepEqual([span?.parentSpanId, span?.links], ['', []]);
    });

    test('of our own continues the trace, and takes no organisation from a header', async (context) => {
      const { answer, span } = await ask(context, start, { service: 'auth' });
      assert.deepEqual([span?.traceId, span?.parentSpanId], [traceId, spanId]);
      assert.deepEqual([span?.traceState, span?.links], ['vendor=1', []]);
      assert.equal(answer.headers['x-trace-id'], traceId);
      assert.equal(span?.attributes.org_id, undefined);
    });

    test('of our own is told what a sampled caller wants recorded, and tells its verdict', async (context) => {
      const quiet = await ask(context, start, { service: 'auth', ratio: '0' });
      assert.equal(quiet.span?.traceId, traceId);
      const unsampled = { traceparent: `00-${traceId}-${spanId}-00` };
      const failed = await ask(context, start, {
        ...{ service: 'auth', ratio: '0', path: '/throws', headers: unsampled },
      });
      assert.equal(failed.answer.headers['x-ibex-keep'], 'error');
    });
  });
}

test('baggage reaches the OpenTelemetry API where it is believed, as far as its keys are allowed', async (context) => {
  const { httpTelemetry } = await import('../http/fastify.ts');
  const { default: fastify } = await import('fastify');
  for (const [service, expected] of [
    ['auth', [['ibex.experiment', 'blue']]],
    ['proxy', undefined],
  ] as const) {
    const { telemetry } = startTestTelemetry(service, { openTelemetry: true, environment: {} });
    const app = fastify();
    await app.register(httpTelemetry, { telemetry });
    app.get('/', async () => {
      await new Promise(setImmediate);
      const entries = propagation.getActiveBaggage()?.getAllEntries();
      return { entries: entries?.map(([key, { value }]) => [key, value]) };
    });
    context.after(() => app.close());
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const answer = await fetch(url, { headers: caller });
    assert.deepEqual(((await answer.json()) as { entries?: unknown }).entries, expected);
    await app.close();
    await telemetry.stop();
  }
});
