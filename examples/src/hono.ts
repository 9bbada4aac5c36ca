import { serve } from '@hono/node-server';
import { ibexContract } from '@ibex/contract';
import { startTelemetry } from '@ibex/telemetry';
import { honoTelemetry } from '@ibex/telemetry/http/hono';
import { Hono } from 'hono';

const telemetry = startTelemetry({ contract: ibexContract, service: 'proxy' });

const app = new Hono();
app.use(honoTelemetry(telemetry));
app.get('/hello', (c) => {
  telemetry.logger.info('greeting');
  return c.text('hello');
});

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, (address) => {
  telemetry.logger.info('listening', { address: JSON.stringify(address) });
});

process.once('SIGTERM', () => {
  server.close(() => telemetry.stop());
});
