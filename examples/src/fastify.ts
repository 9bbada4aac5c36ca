import { ibexContract } from '@ibex/contract';
import { startTelemetry } from '@ibex/telemetry';
import { httpTelemetry } from '@ibex/telemetry/http';
import fastify from 'fastify';

const telemetry = startTelemetry({ contract: ibexContract, service: 'proxy' });

const app = fastify();
app.register(httpTelemetry, { telemetry });
app.register(async (routes) => {
  routes.get('/hello', async () => {
    telemetry.logger.info('greeting');
    return 'hello';
  });
});

const address = await app.listen({ port: Number(process.env.PORT ?? 3000) });
telemetry.logger.info('listening', { address: JSON.stringify(app.server.address()), path: address });

process.once('SIGTERM', async () => {
  await app.close();
  await telemetry.stop();
});
