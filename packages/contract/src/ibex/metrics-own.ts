import type { MetricDefinition } from '../model.ts';
import { latencyBuckets } from './values.ts';

const everyService = ['proxy', 'auth', 'collector', 'console', 'worker'] as const;

/** What the toolkit says about itself, and the business durations that objectives refer to. */
export const ownMetrics = {
  ibex_contract_violations_total: {
    type: 'counter',
    unit: 'violations',
    help: 'Values outside the contract, folded or refused.',
    labels: { kind: ['label_value', 'log_field', 'audit_key', 'configured_limit', 'configured_value'] },
    services: everyService,
  },
  ibex_telemetry_dropped_total: {
    type: 'counter',
    unit: 'records',
    help: 'Telemetry this process could not deliver.',
    labels: {
      signal: ['traces', 'logs', 'metrics', 'errors'],
      reason: ['queue_full', 'export_failed', 'refused', 'stopping', 'rate_limited'],
    },
    services: everyService,
  },
  ibex_telemetry_exported_total: {
    type: 'counter',
    unit: 'records',
    help: 'Telemetry its receiver acknowledged.',
    labels: { signal: ['traces', 'logs', 'metrics', 'errors'] },
    services: everyService,
  },
  ibex_telemetry_flight_recorded_total: {
    type: 'counter',
    unit: 'spans',
    help: 'Spans of unsampled traces put into the flight recorder.',
    labels: {},
    services: everyService,
  },
  ibex_telemetry_flight_evicted_total: {
    type: 'counter',
    unit: 'spans',
    help: 'Spans that made room in the flight recorder before anyone asked for them.',
    labels: {},
    services: everyService,
  },
  ibex_telemetry_flight_dropped_total: {
    type: 'counter',
    unit: 'spans',
    help: 'Spans the flight recorder could not keep: too large for the ring, or beyond what is searched of one trace.',
    labels: { reason: ['oversize', 'trace_limit'] },
    services: everyService,
  },
  ibex_telemetry_kept_traces_total: {
    type: 'counter',
    unit: 'traces',
    help: 'Unsampled traces kept after all, by why and by how this process learned of it.',
    labels: {
      reason: ['error', 'slow', 'status', 'marked'],
      source: ['local', 'response', 'announcement'],
    },
    services: everyService,
  },
  ibex_telemetry_announcements_total: {
    type: 'counter',
    unit: 'announcements',
    help: 'Kept traces told to other processes, and heard of from them.',
    labels: { direction: ['sent', 'received'] },
    services: everyService,
  },
  ibex_telemetry_announcements_dropped_total: {
    type: 'counter',
    unit: 'announcements',
    help: 'Announcements of kept traces that were lost.',
    labels: { reason: ['queue_full', 'send_failed', 'malformed', 'stopping'] },
    services: everyService,
  },
  ibex_proxy_auth_cache_lookups_total: {
    type: 'counter',
    unit: 'lookups',
    help: 'Verdicts on tokens and agents by how they were found.',
    labels: { result: ['hit', 'miss', 'coalesced', 'stale', 'negative'] },
    services: ['proxy'],
  },
  ibex_proxy_auth_revocations_total: {
    type: 'counter',
    unit: 'revocations',
    help: 'Revocations heard from auth, and the times every verdict had to be forgotten.',
    labels: { result: ['applied', 'reset'] },
    services: ['proxy'],
  },
  ibex_proxy_auth_watches_up: {
    type: 'gauge',
    unit: 'watches',
    help: '1 while auth tells of revocations; 0 while verdicts are trusted for the revocation budget only.',
    labels: { source: ['stream', 'poll'] },
    services: ['proxy'],
  },
  ibex_auth_attempts_refused_total: {
    type: 'counter',
    unit: 'attempts',
    help: 'Calls refused unread after too many wrong tokens from an address or for a token, or above the rate of the admin API.',
    labels: { reason: ['address', 'token', 'rate'] },
    services: ['auth'],
  },
  ibex_auth_revocation_watchers: {
    type: 'gauge',
    unit: 'watchers',
    help: 'Callers that are being told of revocations.',
    labels: {},
    services: ['auth'],
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
