import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { startTelemetry } from '@ibex/telemetry';
import { observeHttp } from '@ibex/telemetry/http/node';
import { parse } from 'yaml';
import { contract } from './own-contract.ts';

/** A service that keeps to a contract of its own. */
const { observability } = parse(readFileSync(String(process.env.IBEX_CONFIG), 'utf8'));
const telemetry = startTelemetry({ contract, service: 'billing', observability });
const invoices = telemetry.metrics.counter('acme_billing_invoices_total').bind({ result: 'ok' });

function routeOf({ url = '' }: IncomingMessage): string | undefined {
  return url.startsWith('/invoices/')
    ? '/invoices/:id'
    : ['/readyz', '/metrics'].find((path) => path === url);
}

function answer(request: IncomingMessage, response: ServerResponse): void {
  switch (routeOf(request)) {
    case '/invoices/:id':
      invoices.increment();
      response.end('{}');
      return;
    case '/readyz':
      response.end('{"status":"ready"}');
      return;
    case '/metrics': {
      const { contentType, body } = telemetry.metrics.scrape(request.headers.accept);
      response.setHeader('content-type', contentType).end(body);
      return;
    }
    default:
      response.writeHead(404).end();
  }
}

const listener = observeHttp(telemetry, answer, { route: routeOf });
const server = createServer(listener).listen(Number(process.env.BILLING_PORT), '127.0.0.1');
process.once('SIGTERM', () => {
  server.closeAllConnections();
  server.close(() => telemetry.stop());
});
