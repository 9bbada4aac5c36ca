// Every statement below must not compile: ../src/type-safety.test.ts compares the compiler's errors with the marks.
import { defineContract, ibexContract } from '@ibex/contract';
import type { AuditEvent, AuditMetadata } from '../src/audit/index.ts';
import { startTelemetry } from '../src/start.ts';
import type { Telemetry } from '../src/telemetry.ts';

declare const telemetry: Telemetry;
const { metrics, logger } = telemetry;

metrics.counter('ibex_proxy_request_total'); // wrong: no such metric
metrics.counter('ibex_proxy_active_connections'); // wrong: a gauge is no counter
metrics.counter('ibex_proxy_rate_limited_total').increment({ outcome: 'allowed' }); // wrong: no such label
metrics.counter('ibex_proxy_rate_limited_total').increment({ result: 'maybe' }); // wrong: no such value
metrics.counter('ibex_proxy_rate_limited_total').increment({}); // wrong: the label is missing
metrics.histogram('http_request_duration_seconds').observe({ method: 'GET', path: '/v1/users/42' }, 1); // wrong: no template
metrics.admit('organisation', 'acme'); // wrong: no such configured set
logger.info('done', { organisation: 'acme' }); // wrong: no such field
logger.info('done', { status: '200' }); // wrong: the field is a number
export const metadata: AuditMetadata = { comment: 'because' }; // wrong: no such audit key
export const secretive: AuditEvent['metadata'] = { password: 'x' }; // wrong: no such audit key
const extended = defineContract({ extends: ibexContract, services: ['billing'] });
extended.metrics.acme_invoices_total; // wrong: the extension has no such metric
const acme = defineContract({
  extends: ibexContract,
  services: ['billing'],
  routes: { billing: ['/bills/:id'] },
});
const own = startTelemetry({ contract: acme, service: 'billing' });
const sizes = own.metrics.histogram('http_request_size_bytes');
sizes.observe({ method: 'GET', path: '/bills/:id' }, 1);
sizes.observe({ method: 'GET', path: '/bills/17' }, 1); // wrong: no template of the own routes either
own.metrics.gauge('ibex_process_up').set({ service: 'billing' }, 1);
own.metrics.gauge('ibex_process_up').set({ service: 'shop' }, 1); // wrong: no service of the contract
startTelemetry({ contract: acme, service: 'shop' }); // wrong: no service of the contract
