import type { MetricDefinition } from '../model.ts';
import { grpcStatuses, httpMethods, latencyBuckets, routes, statusCodes } from './values.ts';

const proxyRequestLabels = {
  route: routes.proxy,
  method: httpMethods,
  status_code: statusCodes,
} as const;

/** The canonical catalog of the auth and proxy services. */
export const catalogMetrics = {
  ibex_proxy_request_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'End-to-end proxy request duration.',
    labels: proxyRequestLabels,
    buckets: latencyBuckets,
    services: ['proxy'],
  },
  ibex_proxy_requests_total: {
    type: 'counter',
    unit: 'requests',
    help: 'Total requests to the proxy.',
    labels: proxyRequestLabels,
    services: ['proxy'],
  },
  ibex_proxy_active_connections: {
    type: 'gauge',
    unit: 'connections',
    help: 'Currently open HTTP connections.',
    labels: {},
    services: ['proxy'],
  },
  ibex_proxy_rate_limited_total: {
    type: 'counter',
    unit: 'checks',
    help: 'Rate limit check outcomes.',
    labels: { result: ['allowed', 'denied'] },
    services: ['proxy'],
  },
  ibex_proxy_rate_limit_redis_errors_total: {
    type: 'counter',
    unit: 'errors',
    help: 'Redis failures during rate limiting.',
    labels: {},
    services: ['proxy'],
  },
  ibex_auth_validate_token_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Auth gRPC ValidateToken call duration.',
    labels: { result: ['ok', 'error', 'revoked'] },
    buckets: latencyBuckets,
    services: ['auth'],
  },
  ibex_auth_validate_agent_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Auth gRPC ValidateAgent call duration.',
    labels: { result: ['ok', 'error', 'not_found'] },
    buckets: latencyBuckets,
    services: ['auth'],
  },
  ibex_auth_grpc_requests_total: {
    type: 'counter',
    unit: 'requests',
    help: 'Auth gRPC call outcomes.',
    labels: {
      method: ['ValidateToken', 'ValidateAgent', 'Check', 'Watch', 'List', 'ServerReflectionInfo'],
      status: grpcStatuses,
    },
    services: ['auth'],
  },
  ibex_db_query_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Database query duration.',
    labels: {
      operation: [
        'migrate',
        'ping',
        'transaction',
        'bootstrap',
        'token_find',
        'token_list',
        'token_insert',
        'token_revoke',
        'agent_find',
        'agent_list',
        'agent_insert',
        'agent_revoke',
        'audit_insert',
        'audit_list',
      ],
    },
    buckets: latencyBuckets,
    services: ['auth'],
  },
  ibex_db_pool_open_connections: {
    type: 'gauge',
    unit: 'connections',
    help: 'DB connection pool state.',
    labels: { state: ['in_use', 'idle'] },
    services: ['auth'],
  },
  ibex_process_up: {
    type: 'gauge',
    unit: 'processes',
    help: '1 if the service is running.',
    labels: { service: ['proxy', 'auth', 'collector', 'console'] },
    services: ['proxy', 'auth', 'collector', 'console'],
  },
} as const satisfies Record<string, MetricDefinition>;
