import { createServer } from 'node:http';
import { defineContract, ibexContract } from '@ibex/contract';
import { startTelemetry } from '@ibex/telemetry';
import { observeHttp } from '@ibex/telemetry/http/node';

const contract = defineContract({
  extends: ibexContract,
  services: ['billing'],
  // Values of `path` in the HTTP metrics and names of spans, beside /healthz, /readyz, /metrics and unmatched.
  routes: { billing: ['/hello', '/invoices/:id'] },
  namespaces: ['acme_billing'],
  metrics: {
    acme_billing_greetings_total: {
      type: 'counter',
      unit: 'greetings',
      help: 'Greetings by language.',
      labels: { language: ['en', 'de'] },
      services: ['billing'],
    },
  },
});
const telemetry = startTelemetry({ contract, service: 'billing' });
// Another name, label or value does not compile; one that comes in at run time is counted as `other`.
const greetings = telemetry.metrics.counter('acme_billing_greetings_total').bind({ language: 'en' });

const greet = () => {
  greetings.increment();
  telemetry.logger.info('greeting');
};
const route = ({ url = '' }) => (url.startsWith('/invoices/') ? '/invoices/:id' : '/hello');
const listener = observeHttp(telemetry, (_, response) => response.end('hello', greet), { route });
const server = createServer(listener).listen(Number(process.env.PORT ?? 3000), () => {
  telemetry.logger.info('listening', { address: JSON.stringify(server.address()) });
});
process.once('SIGTERM', () => server.close(() => telemetry.stop()));
