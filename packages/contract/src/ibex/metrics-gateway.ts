import type { MetricDefinition } from '../model.ts';
import { httpMethods, latencyBuckets, routes, sizeBuckets, statusCodes } from './values.ts';

const httpServices = ['proxy', 'auth', 'collector', 'console'] as const;
const requestLabels = { method: httpMethods, path: { perService: routes } } as const;
const callLabels = {
  provider: { configured: 'provider', limit: 8 },
  model: { configured: 'model', limit: 32 },
} as const;
const storeLabels = {
  operation: ['get', 'create', 'append', 'delete'],
  backend: ['memory', 'postgres', 'redis'],
} as const;

/** The HTTP, provider and conversation families of an LLM gateway. */
export const gatewayMetrics = {
  http_requests_total: {
    type: 'counter',
    unit: 'requests',
    help: 'Total number of HTTP requests',
    labels: { ...requestLabels, status: statusCodes },
    exemplars: true,
    services: httpServices,
    joinedBy: 'http_services',
  },
  http_request_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Request latency.',
    labels: requestLabels,
    buckets: latencyBuckets,
    exemplars: true,
    services: httpServices,
    joinedBy: 'http_services',
  },
  http_request_size_bytes: {
    type: 'histogram',
    unit: 'bytes',
    help: 'Request body size.',
    labels: requestLabels,
    buckets: sizeBuckets,
    services: httpServices,
    joinedBy: 'http_services',
  },
  http_response_size_bytes: {
    type: 'histogram',
    unit: 'bytes',
    help: 'Response body size.',
    labels: requestLabels,
    buckets: sizeBuckets,
    services: httpServices,
    joinedBy: 'http_services',
  },
  provider_requests_total: {
    type: 'counter',
    unit: 'requests',
    help: 'Provider API calls.',
    labels: {
      ...callLabels,
      operation: ['generate', 'generate_stream'],
      status: ['ok', 'error', 'rejected', 'timeout', 'cancelled'],
    },
    exemplars: true,
    services: ['proxy'],
  },
  provider_request_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Provider latency.',
    labels: { ...callLabels, operation: ['generate', 'generate_stream'] },
    buckets: latencyBuckets,
    exemplars: true,
    services: ['proxy'],
  },
  provider_tokens_total: {
    type: 'counter',
    unit: 'tokens',
    help: 'Token usage.',
    labels: { ...callLabels, type: ['input', 'output'] },
    services: ['proxy'],
  },
  provider_stream_ttfb_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time to first byte for streaming.',
    labels: callLabels,
    buckets: latencyBuckets,
    exemplars: true,
    services: ['proxy'],
  },
  provider_stream_chunks_total: {
    type: 'counter',
    unit: 'chunks',
    help: 'Stream chunk count.',
    labels: callLabels,
    services: ['proxy'],
  },
  provider_stream_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Total stream duration.',
    labels: callLabels,
    buckets: latencyBuckets,
    exemplars: true,
    services: ['proxy'],
  },
  conversation_operations_total: {
    type: 'counter',
    unit: 'operations',
    help: 'Store operations.',
    labels: { ...storeLabels, status: ['ok', 'not_found', 'error'] },
    services: ['proxy'],
  },
  conversation_operation_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Store operation latency.',
    labels: storeLabels,
    buckets: latencyBuckets,
    exemplars: true,
    services: ['proxy'],
  },
  conversation_active_count: {
    type: 'gauge',
    unit: 'conversations',
    help: 'Number of active conversations',
    labels: { backend: storeLabels.backend },
    services: ['proxy'],
    lintExceptions: {
      'reserved-suffix': 'The conversation store names it so, and its dashboards ask for it by this name.',
    },
  },
} as const satisfies Record<string, MetricDefinition>;
