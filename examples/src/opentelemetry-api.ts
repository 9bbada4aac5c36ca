import { createServer } from 'node:http';
import { ibexContract } from '@ibex/contract';
import { startTelemetry } from '@ibex/telemetry';
import { observeHttp } from '@ibex/telemetry/http/node';
import { trace } from '@opentelemetry/api';

const telemetry = startTelemetry({ contract: ibexContract, service: 'proxy' });
// Any library that emits spans like this is recorded: its spans become children of the request's.
const tracer = trace.getTracer('a-library', '1.0.0');

const listener = observeHttp(
  telemetry,
  (_request, response) => {
    tracer.startActiveSpan('greet', { attributes: { language: 'en' } }, (span) => {
      telemetry.logger.info('greeting');
      response.end('hello');
      span.end();
    });
  },
  { route: () => '/hello' },
);

const server = createServer(listener).listen(Number(process.env.PORT ?? 3000), () => {
  telemetry.logger.info('listening', { address: JSON.stringify(server.address()) });
});

process.once('SIGTERM', () => {
  server.close(() => telemetry.stop());
});
