import type { AuditMetadataOf, LabelsOf, LogFieldsOf, MetricName } from '@ibex/contract';
import { defineContract, fold, type IbexContract, ibexContract, routes } from '@ibex/contract';

export const counter: MetricName<IbexContract, 'counter'> = 'ibex_proxy_requests_total';
export const labels: LabelsOf<IbexContract, 'ibex_proxy_rate_limited_total'> = { result: 'allowed' };
export const folded: LabelsOf<IbexContract, 'ibex_proxy_rate_limited_total'> = { result: 'other' };
export const perService: LabelsOf<IbexContract, 'http_request_duration_seconds'> = {
  method: 'GET',
  path: '/v1/models',
};
export const configured: LabelsOf<IbexContract, 'provider_stream_chunks_total'> = {
  provider: 'whatever the configuration says',
  model: 'any',
};
export const dynamic: (typeof routes.proxy)[number] | 'other' = fold(routes.proxy, String(Date.now()));
export const fields: LogFieldsOf<IbexContract> = {
  model: 'echo',
  duration_ms: 3,
  details: { any: ['shape'] },
};
export const metadata: AuditMetadataOf<IbexContract> = { reason: 'rotation', old_value: 1, new_value: null };

const extended = defineContract({
  extends: ibexContract,
  services: ['billing'],
  routes: { billing: ['/invoices/:id'] },
  namespaces: ['acme_billing'],
  metrics: {
    acme_billing_invoices_total: {
      type: 'counter',
      unit: 'invoices',
      help: 'Invoices written.',
      services: ['billing'],
      labels: { result: ['ok', 'error'] },
    },
  },
  logFields: { invoice: { type: 'string', help: 'Number of the invoice.' } },
  auditMetadataKeys: ['invoice_id'],
});
type Acme = typeof extended;

export const ownMetric: MetricName<Acme, 'counter'> = 'acme_billing_invoices_total';
export const ownLabels: LabelsOf<Acme, 'acme_billing_invoices_total'> = { result: 'ok' };
export const inheritedMetric: MetricName<Acme, 'histogram'> = 'http_request_duration_seconds';
export const inheritedLabels: LabelsOf<Acme, 'ibex_db_pool_open_connections'> = { state: 'idle' };
export const ownField: LogFieldsOf<Acme> = { invoice: '17', model: 'echo' };
export const ownKey: AuditMetadataOf<Acme> = { invoice_id: 17, reason: 'correction' };
export const services: readonly ('billing' | 'proxy' | 'auth' | 'collector' | 'console' | 'worker')[] =
  extended.services;
export const ownRoute: LabelsOf<Acme, 'http_requests_total'> = {
  method: 'GET',
  path: '/invoices/:id',
  status: '200',
};
export const inheritedRoute: LabelsOf<Acme, 'http_request_size_bytes'> = {
  method: 'GET',
  path: '/v1/models',
};
export const ownService: LabelsOf<Acme, 'ibex_process_up'> = { service: 'billing' };
export const ownHost: keyof Acme['boundaries']['hosts'] = 'provider';
