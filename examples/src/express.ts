import { ibexContract } from '@ibex/contract';
import { startTelemetry } from '@ibex/telemetry';
import { expressErrors, expressTelemetry } from '@ibex/telemetry/http/express';
import express from 'express';

const telemetry = startTelemetry({ contract: ibexContract, service: 'proxy' });

const app = express();
app.use(expressTelemetry(telemetry));
app.get('/hello', (_request, response) => {
  telemetry.logger.info('greeting');
  response.send('hello');
});
app.use(expressErrors());

const server = app.listen(Number(process.env.PORT ?? 3000), () => {
  telemetry.logger.info('listening', { address: JSON.stringify(server.address()) });
});

process.once('SIGTERM', () => {
  server.close(() => telemetry.stop());
});
