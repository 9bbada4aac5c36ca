import { test } from 'node:test';
import { httpTelemetry } from '@ibex/telemetry/http';
import * as testing from '@ibex/telemetry/testing';
import Fastify from 'fastify';

// A service as careless as can be: it logs every body, and fails with what it was sent.
const { telemetry, exporter, destination } = testing.startTestTelemetry('proxy');
const app = Fastify().register(httpTelemetry, { telemetry });
app.post('/orders', async ({ body, headers, url }) => {
  telemetry.logger.info(`order at ${url}`, { details: { body, headers } });
  throw new Error(`refused: ${JSON.stringify(body)}`);
});
const url = `${await app.listen({ port: 0 })}/orders`;

async function order({ key = 'note', secret }: testing.Canary): Promise<void> {
  const headers = { 'content-type': 'application/json', [key.replace(/\W/g, '-')]: encodeURI(secret) };
  await fetch(url, { method: 'POST', headers, body: JSON.stringify({ [key]: secret }) });
}

test('orders are counted, traced, and tell no secrets', async () => {
  const failed = { name: 'http_requests_total', labels: { method: 'POST', status: '500' }, delta: 100 };
  await testing.assertMetric(telemetry, failed, () =>
    testing.assertNoSecretLeaves({
      drive: async (canaries) => {
        for (const canary of canaries.slice(0, 100)) await order(canary);
        await app.close();
        await telemetry.stop();
      },
      sinks: { logs: () => destination.text, spans: () => exporter.spans },
    }),
  );
  testing.assertSpan(exporter.spans, { name: 'POST /orders', status: 'error', events: ['exception'] });
});
