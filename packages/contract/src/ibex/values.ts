/** Buckets of every latency histogram, in seconds: fine below the 20 ms the proxy may add, coarse above. */
export const latencyBuckets = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5] as const;

/** Buckets of body sizes, in bytes: 256 B to 16 MiB. */
export const sizeBuckets = [256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216] as const;

export const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

/** The statuses our services answer; 499 is a client that left before its answer. */
export const statusCodes = [
  '200',
  '201',
  '204',
  '302',
  '304',
  '400',
  '401',
  '403',
  '404',
  '405',
  '408',
  '409',
  '413',
  '415',
  '422',
  '429',
  '499',
  '500',
  '501',
  '502',
  '503',
  '504',
  '529',
] as const;

/** Names of the gRPC status codes. */
export const grpcStatuses = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
] as const;

/** What every service of ours answers, and what stands for a request that matches nothing. */
export const operationalRoutes = ['/healthz', '/readyz', '/metrics', 'unmatched'] as const;

/** Route templates by service; a request that matches none is `unmatched`. */
export const routes = {
  proxy: [
    '/v1/chat/completions',
    '/v1/completions',
    '/v1/responses',
    '/v1/responses/:responseId',
    '/v1/embeddings',
    '/v1/messages',
    '/v1/messages/count_tokens',
    '/v1/models',
    '/v1/models/:model',
    '/admin/usage',
    '/admin/usage/reconciliation',
    '/admin/requests',
    '/admin/requests/:requestId',
    ...operationalRoutes,
  ],
  auth: [
    '/v1/tokens',
    '/v1/tokens/:tokenId',
    '/v1/tokens/:tokenId/rotate',
    '/v1/agents',
    '/v1/agents/:agentId',
    '/v1/users',
    '/v1/users/:userId',
    '/v1/organisations',
    '/v1/organisations/:orgId',
    '/v1/organisations/:orgId/admin-token',
    '/v1/audit',
    ...operationalRoutes,
  ],
  collector: [
    '/api/v1/services',
    '/api/v1/traces/:traceId',
    '/api/v1/spans',
    '/api/v1/logs',
    '/api/v1/logs/volume',
    '/api/v1/metrics',
    '/api/v1/metrics/:name/range',
    '/internal/scrape',
    ...operationalRoutes,
  ],
  console: [
    '/',
    '/*',
    '/assets/*',
    '/login',
    '/login/:code',
    '/api/session',
    '/admin/ops',
    '/admin/ops/overview',
    '/api/telemetry/services',
    '/api/telemetry/traces/:traceId',
    '/api/telemetry/spans',
    '/api/telemetry/logs',
    '/api/telemetry/logs/volume',
    '/api/telemetry/metrics',
    '/api/telemetry/metrics/:name/range',
    ...operationalRoutes,
  ],
} as const;
