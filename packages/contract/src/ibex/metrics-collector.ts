import type { MetricDefinition } from '../model.ts';
import { latencyBuckets } from './values.ts';

const services = ['collector'] as const;
const signal = ['traces', 'logs', 'metrics'] as const;
const transport = ['grpc', 'http'] as const;

/** What the embedded collector says of its receivers and its store. */
export const collectorMetrics = {
  ibex_collector_received_total: {
    type: 'counter',
    unit: 'records',
    help: 'Records that reached a receiver, by what became of them.',
    labels: { signal, transport, outcome: ['accepted', 'rejected'] },
    services,
  },
  ibex_collector_rejected_total: {
    type: 'counter',
    unit: 'records',
    help: 'Records that were not taken, by reason.',
    labels: {
      signal,
      reason: [
        'invalid_trace_id',
        'invalid_span_id',
        'invalid_time',
        'end_before_start',
        'invalid_metric',
        'invalid_point',
        'out_of_order_delta',
        'too_many_records',
      ],
    },
    services,
  },
  ibex_collector_truncated_total: {
    type: 'counter',
    unit: 'cuts',
    help: 'Parts of kept records that were cut to a limit.',
    labels: {
      signal,
      reason: [
        'attribute_count',
        'attribute_length',
        'value_depth',
        'value_breadth',
        'values_per_request',
        'name_length',
        'message_length',
        'event_count',
        'link_count',
        'log_trace_context',
      ],
    },
    services,
  },
  ibex_collector_refused_total: {
    type: 'counter',
    unit: 'requests',
    help: 'Export requests that were refused whole.',
    labels: {
      signal,
      transport,
      reason: [
        'malformed',
        'too_large',
        'overloaded',
        'store_failed',
        'unsupported_media_type',
        'unsupported_encoding',
        'aborted',
        'internal',
      ],
    },
    services,
  },
  ibex_collector_scrape_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'How long scrapes of targets took.',
    labels: { target: { configured: 'target', limit: 16 } },
    buckets: latencyBuckets,
    services,
  },
  ibex_collector_scrape_failures_total: {
    type: 'counter',
    unit: 'scrapes',
    help: 'Scrapes that brought nothing.',
    labels: {
      target: { configured: 'target', limit: 16 },
      reason: [
        'unreachable',
        'timeout',
        'bad_status',
        'bad_content_type',
        'too_large',
        'unparsable',
        'overloaded',
        'store_failed',
      ],
    },
    services,
  },
  ibex_collector_store_rows: {
    type: 'gauge',
    unit: 'rows',
    help: 'Rows the store answers queries from.',
    labels: { kind: ['spans', 'logs', 'samples', 'series'] },
    services,
  },
  ibex_collector_store_size_bytes: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Size of the database and of its write-ahead log.',
    labels: { file: ['database', 'write_ahead_log'] },
    services,
  },
  ibex_collector_store_queued_rows: {
    type: 'gauge',
    unit: 'rows',
    help: 'Rows that wait for a commit.',
    labels: {},
    services,
  },
  ibex_collector_store_dropped_rows: {
    type: 'gauge',
    unit: 'rows',
    help: 'Rows refused, recognised as sent before, or deleted for their age, since the start.',
    labels: { reason: ['overloaded', 'write_failed', 'duplicate_span', 'series_limit', 'expired'] },
    services,
  },
  ibex_collector_store_commit_duration_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'How long the last commit took.',
    labels: {},
    services,
  },
} as const satisfies Record<string, MetricDefinition>;
