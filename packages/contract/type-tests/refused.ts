import type { AuditMetadataOf, LabelsOf, LogFieldsOf, MetricName } from '@ibex/contract';
import { defineContract, type IbexContract, ibexContract } from '@ibex/contract';

// Each line marked "refused" must not compile, and no other line may fail.
export const unknownMetric: MetricName<IbexContract, 'counter'> = 'ibex_proxy_requets_total'; // refused
export const wrongType: MetricName<IbexContract, 'gauge'> = 'ibex_proxy_requests_total'; // refused
export type UnknownMetricLabels = LabelsOf<IbexContract, 'ibex_proxy_requets_total'>; // refused
export const forbiddenLabel: LabelsOf<IbexContract, 'ibex_proxy_rate_limited_total'> = {
  result: 'allowed',
  org_id: 'acme', // refused
};
export const missingLabel: LabelsOf<IbexContract, 'http_request_size_bytes'> = { method: 'GET' }; // refused
export const unknownValue: LabelsOf<IbexContract, 'ibex_proxy_rate_limited_total'> = { result: 'maybe' }; // refused
export const statusAsNumber: LabelsOf<IbexContract, 'http_requests_total'> = {
  method: 'GET',
  path: '/v1/models',
  status: 200, // refused
};
export const rawPath: LabelsOf<IbexContract, 'http_request_size_bytes'> = {
  method: 'GET',
  path: '/v1/models/0198c1e2', // refused
};
export const unknownField: LogFieldsOf<IbexContract> = { modle: 'echo' }; // refused
export const wrongFieldType: LogFieldsOf<IbexContract> = { duration_ms: '3' }; // refused
export const unknownKey: AuditMetadataOf<IbexContract> = { password: 'x' }; // refused
export const structuredValue: AuditMetadataOf<IbexContract> = { reason: { nested: true } }; // refused

const extended = defineContract({
  extends: ibexContract,
  metrics: {
    ibex_worker_jobs_total: {
      type: 'counter',
      unit: 'jobs',
      help: 'Jobs done.',
      services: ['worker'],
      labels: { result: ['ok', 'error'] },
    },
  },
});
type Own = typeof extended;
export const ownUnknownValue: LabelsOf<Own, 'ibex_worker_jobs_total'> = { result: 'maybe' }; // refused
export const ownUnknownMetric: MetricName<Own, 'counter'> = 'ibex_worker_job_total'; // refused
export const inheritedUnknownValue: LabelsOf<Own, 'ibex_proxy_rate_limited_total'> = { result: 'maybe' }; // refused
export const foreignRoute: LabelsOf<Own, 'http_request_size_bytes'> = {
  method: 'GET',
  path: '/invoices/:id', // refused
};
export const foreignService: LabelsOf<Own, 'ibex_process_up'> = { service: 'billing' }; // refused

export const incomplete = defineContract({ services: ['billing'] }); // refused
export const summary = defineContract({
  extends: ibexContract,
  metrics: {
    ibex_worker_lag_seconds: {
      type: 'summary', // refused
      unit: 'seconds',
      help: 'Lag.',
      services: ['worker'],
      labels: {},
    },
  },
});
