// Every statement below must not compile: ../src/type-safety.test.ts compares the compiler's errors with the marks.
import { defineContract, ibexContract } from '@ibex/contract';
import type { AuditEvent, AuditMetadata } from '../src/audit/index.ts';
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
