import { createServer } from 'node:http';
import { ibexContract } from '@ibex/contract';
import { startTelemetry } from '@ibex/telemetry';
import { observeHttp } from '@ibex/telemetry/http/node';

const telemetry = startTelemetry({ contract: ibexContract, service: 'proxy' });

const listener = observeHttp(
  telemetry,
  (request, response) => {
    telemetry.logger.info('greeting', { details: { path: request.url } });
    response.end('hello');
  },
  { route: (request) => (request.url === '/hello' ? '/hello' : undefined) },
);

const server = createServer(listener).listen(Number(process.env.PORT ?? 3000), () => {
  telemetry.logger.info('listening', { address: JSON.stringify(server.address()) });
});

process.once('SIGTERM', () => {
  server.close(() => telemetry.stop());
});
