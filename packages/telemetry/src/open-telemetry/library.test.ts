import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { UndiciInstrumentation } from '@opentelemetry/instrumentation-undici';
import { observeHttp } from '../http/node-http.ts';
import { startTestTelemetry } from '../testing/start-test-telemetry.ts';

test('an instrumentation that knows nothing of us stands between our spans, in this process and over the wire', async () => {
  const { telemetry, exporter } = startTestTelemetry('proxy', {
    openTelemetry: true,
    environment: { OTEL_SAMPLE_RATIO: '1', IBEX_TRUST_INBOUND: 'accept', IBEX_TRUSTED_HOSTS: 'localhost' },
  });
  const instrumentation = new UndiciInstrumentation();
  instrumentation.enable();
  const listener = observeHttp(telemetry, (_request, response) => response.end('hello'), {
    route: () => '/',
  });
  const server = createServer(listener).listen(0);
  await once(server, 'listening');
  try {
    await telemetry.tracer.withSpan('caller', {}, async () => {
      const answer = await fetch(
        `http://localhost:${(server.address() as AddressInfo).port}/?token=secret-value`,
      );
      assert.equal(await answer.text(), 'hello');
    });
  } finally {
    instrumentation.disable();
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
    await telemetry.stop();
  }
  const [caller, client, served] = ['internal', 'client', 'server'].map((kind) =>
    exporter.spans.find((span) => span.kind === kind),
  );
  assert.equal(client?.attributes['otel.scope.name'], '@opentelemetry/instrumentation-undici');
  assert.equal(client?.parentSpanId, caller?.spanId);
  assert.equal(served?.parentSpanId, client?.spanId);
  assert.equal(new Set(exporter.spans.map(({ traceId }) => traceId)).size, 1);
  assert.ok(!JSON.stringify(exporter.spans).includes('secret-value'));
});
