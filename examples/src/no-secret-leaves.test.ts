import { test } from 'node:test';
import { httpTelemetry } from '@ibex/telemetry/http';
import { assertMetric, assertNoSecretLeaves, assertSpan, startTestTelemetry } from '@ibex/telemetry/testing';
import Fastify from 'fastify';

// A service as careless as can be: it logs every body, and fails with what it was sent.
const { telemetry, exporter, destination } = startTestTelemetry('proxy');
const app = Fastify().register(httpTelemetry, { telemetry });
app.post('/orders', async ({ body, headers, url }) => {
  telemetry.logger.info(`order at ${url}`, { details: { body, headers } });
  throw new Error(`refused: ${JSON.stringify(body)}`);
});

const url = `${await app.listen({ port: 0 })}/orders`;

test('orders are counted, traced, and tell no secrets', async () => {
  const name = 'http_requests_total';
  await assertMetric(telemetry, { name, labels: { method: 'POST', status: '500' }, delta: 100 }, () =>
    assertNoSecretLeaves({
      drive: async (canaries) => {
        for (const { key = 'x-note', secret } of canaries.slice(0, 100)) {
          const headers = {
            'content-type': 'application/json',
            [key.replace(/\W/g, '-')]: encodeURI(secret),
          };
          const answer = await fetch(url, {
            method: 'POST',
            headers,
            body: JSON.stringify({ [key]: secret }),
          });
          await answer.arrayBuffer();
        }
        await app.close();
        await telemetry.stop();
      },
      sinks: {
        logs: () => destination.text,
        spans: () => exporter.spans,
        metrics: () => telemetry.metrics.exposition(),
      },
    }),
  );
  assertSpan(exporter.spans, { name: 'POST /orders', status: 'error', events: ['exception'] });
});
