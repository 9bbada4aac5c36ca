import type { MetricDefinition } from '../model.ts';
import { latencyBuckets } from './values.ts';

const everyService = ['proxy', 'auth', 'collector', 'console', 'worker'] as const;

/** What the toolkit says about itself, and the business durations that objectives refer to. */
export const ownMetrics = {
  ibex_contract_violations_total: {
    type: 'counter',
    unit: 'violations',
    help: 'Values outside the contract, folded or refused.',
    labels: { kind: ['label_value', 'log_field', 'audit_key', 'configured_limit'] },
    services: everyService,
  },
  ibex_telemetry_dropped_total: {
    type: 'counter',
    unit: 'records',
    help: 'Telemetry this process could not deliver.',
    labels: {
      signal: ['traces', 'logs', 'metrics'],
      reason: ['queue_full', 'export_failed', 'refused', 'stopping'],
    },
    services: everyService,
  },
  ibex_telemetry_exported_total: {
    type: 'counter',
    unit: 'records',
    help: 'Telemetry the collector acknowledged.',
    labels: { signal: ['traces', 'logs', 'metrics'] },
    services: everyService,
  },
  ibex_proxy_auth_cache_lookups_total: {
    type: 'counter',
    unit: 'lookups',
    help: 'Verdicts on tokens and agents by how they were found.',
    labels: { result: ['hit', 'miss', 'coalesced', 'negative'] },
    services: ['proxy'],
  },
  ibex_worker_allocation_publish_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'From creating an allocation to its provisioning event being emitted.',
    labels: {},
    buckets: latencyBuckets,
    services: ['worker'],
  },
  ibex_worker_webhook_credit_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'From verifying a webhook signature to the ledger credit.',
    labels: {},
    buckets: latencyBuckets,
    services: ['worker'],
  },
} as const satisfies Record<string, MetricDefinition>;
