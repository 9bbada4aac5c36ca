import type { SloDefinition } from '../model.ts';

const validateToken = ['ibex.auth.v1.AuthService/ValidateToken'] as const;

/**
 * The platform's objectives. 0.3 s is no boundary of the latency buckets, so the public API's p95 is evaluated at
 * 0.25 s, the stricter side. Generation takes the provider's time, so the public API is held where the proxy answers
 * by itself, and calls of models by what the gateway adds to them.
 */
export const slos = {
  public_api_p95: {
    surface: 'Public API',
    metric: 'ibex_proxy_request_duration_seconds',
    selector: { route: ['/v1/models', '/v1/models/:model'] },
    objective: 0.95,
    thresholdSeconds: 0.3,
    evaluatedAtSeconds: 0.25,
  },
  public_api_p99: {
    surface: 'Public API',
    metric: 'ibex_proxy_request_duration_seconds',
    selector: { route: ['/v1/models', '/v1/models/:model'] },
    objective: 0.99,
    thresholdSeconds: 1,
    evaluatedAtSeconds: 1,
  },
  /** What the gateway adds of its own, the time of providers and clients taken off. */
  gateway_overhead: {
    surface: 'Gateway overhead',
    metric: 'ibex_proxy_overhead_duration_seconds',
    selector: {},
    objective: 0.99,
    thresholdSeconds: 0.003,
    evaluatedAtSeconds: 0.003,
  },
  authorization_p95: {
    surface: 'Authorization membership-resolution',
    metric: 'ibex_auth_validate_token_duration_seconds',
    selector: {},
    rpcMethods: validateToken,
    objective: 0.95,
    thresholdSeconds: 0.02,
    evaluatedAtSeconds: 0.02,
  },
  authorization_p99: {
    surface: 'Authorization membership-resolution',
    metric: 'ibex_auth_validate_token_duration_seconds',
    selector: {},
    rpcMethods: validateToken,
    objective: 0.99,
    thresholdSeconds: 0.05,
    evaluatedAtSeconds: 0.05,
  },
  allocation_event: {
    surface: 'Allocation create → provisioning event emitted',
    metric: 'ibex_worker_allocation_publish_duration_seconds',
    selector: {},
    objective: 0.99,
    thresholdSeconds: 1,
    evaluatedAtSeconds: 1,
  },
  webhook_credit: {
    surface: 'Webhook signature verification → ledger credit',
    metric: 'ibex_worker_webhook_credit_duration_seconds',
    selector: {},
    objective: 0.99,
    thresholdSeconds: 5,
    evaluatedAtSeconds: 5,
  },
} as const satisfies Record<string, SloDefinition>;
