import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ibexContract, worstCaseSeries } from '../index.ts';

const { metrics } = ibexContract;

function shape(name: keyof typeof metrics): [string, string[]] {
  return [metrics[name].type, Object.keys(metrics[name].labels)];
}

describe('the catalog', () => {
  test('has the canonical metrics of auth and proxy', () => {
    const latency = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];
    assert.deepEqual(shape('ibex_proxy_request_duration_seconds'), [
      'histogram',
      ['route', 'method', 'status_code'],
    ]);
    assert.deepEqual(shape('ibex_proxy_requests_total'), ['counter', ['route', 'method', 'status_code']]);
    assert.deepEqual(shape('ibex_proxy_active_connections'), ['gauge', []]);
    assert.deepEqual(shape('ibex_proxy_rate_limited_total'), ['counter', ['result']]);
    assert.deepEqual(shape('ibex_proxy_rate_limit_redis_errors_total'), ['counter', []]);
    assert.deepEqual(shape('ibex_auth_validate_token_duration_seconds'), ['histogram', ['result']]);
    assert.deepEqual(shape('ibex_auth_validate_agent_duration_seconds'), ['histogram', ['result']]);
    assert.deepEqual(shape('ibex_auth_grpc_requests_total'), ['counter', ['method', 'status']]);
    assert.deepEqual(shape('ibex_db_query_duration_seconds'), ['histogram', ['operation']]);
    assert.deepEqual(shape('ibex_db_pool_open_connections'), ['gauge', ['state']]);
    assert.deepEqual(shape('ibex_process_up'), ['gauge', ['service']]);
    assert.deepEqual(metrics.ibex_proxy_rate_limited_total.labels.result, ['allowed', 'denied']);
    assert.deepEqual(metrics.ibex_auth_validate_token_duration_seconds.labels.result, [
      'ok',
      'error',
      'revoked',
    ]);
    assert.deepEqual(metrics.ibex_auth_validate_agent_duration_seconds.labels.result, [
      'ok',
      'error',
      'not_found',
    ]);
    assert.deepEqual(metrics.ibex_db_pool_open_connections.labels.state, ['in_use', 'idle']);
    for (const metric of Object.values(metrics)) {
      if (metric.type === 'histogram' && metric.unit === 'seconds') assert.deepEqual(metric.buckets, latency);
    }
  });

  test('has the families of the gateway', () => {
    assert.deepEqual(shape('http_requests_total'), ['counter', ['method', 'path', 'status']]);
    for (const name of [
      'http_request_duration_seconds',
      'http_request_size_bytes',
      'http_response_size_bytes',
    ] as const) {
      assert.equal(metrics[name].type, 'histogram');
    }
    assert.deepEqual(shape('provider_requests_total'), [
      'counter',
      ['provider', 'model', 'operation', 'status'],
    ]);
    assert.deepEqual(shape('provider_tokens_total'), ['counter', ['provider', 'model', 'type']]);
    assert.deepEqual(metrics.provider_tokens_total.labels.type, ['input', 'output']);
    for (const name of [
      'provider_request_duration_seconds',
      'provider_stream_ttfb_seconds',
      'provider_stream_duration_seconds',
    ] as const) {
      assert.equal(metrics[name].type, 'histogram');
    }
    assert.equal(metrics.provider_stream_chunks_total.type, 'counter');
    assert.deepEqual(shape('conversation_operations_total'), ['counter', ['operation', 'backend', 'status']]);
    assert.equal(metrics.conversation_operation_duration_seconds.type, 'histogram');
    assert.deepEqual(shape('conversation_active_count'), ['gauge', ['backend']]);
  });

  test('has routes that are templates, never raw ids', () => {
    for (const route of Object.values(metrics.http_requests_total.labels.path.perService).flat()) {
      assert.doesNotMatch(route, /[0-9a-f]{8}-|\d{4,}/);
    }
  });

  test('stays within its budget in every service', () => {
    for (const service of ibexContract.services) {
      const total = Object.values(metrics)
        .filter((metric) => (metric.services as readonly string[]).includes(service))
        .reduce((sum, metric) => sum + worstCaseSeries(metric, service), 0);
      assert.ok(total <= ibexContract.budget.perService, `${service}: ${total}`);
    }
  });
});

test('the platform’s secrets, audit keys, attributes and retention are as its documents say', () => {
  const keys: readonly string[] = ibexContract.sensitiveKeys;
  const documented = [
    'password',
    'password_hash',
    'access_token',
    'refresh_token',
    'id_token',
    'ssh_private_key',
    'ssh_private_key_enc',
    'stripe_customer_id',
    'payment_reference',
    'email',
    'username',
    'access_secret_enc',
    'scheduler_metadata',
  ];
  assert.deepEqual(
    documented.filter((key) => !keys.includes(key)),
    [],
  );
  assert.deepEqual(ibexContract.auditMetadataKeys, [
    'reason',
    'policy_key',
    'old_value',
    'new_value',
    'status_from',
    'status_to',
    'error_code',
    'request_scope',
    'idempotency_key_hash',
    'provider_ref',
    'allocation_id',
    'node_id',
  ]);
  assert.deepEqual(ibexContract.resourceAttributes, [
    'service.name',
    'service.version',
    'deployment.environment',
    'service.instance.id',
  ]);
  assert.deepEqual(ibexContract.correlationFields, ['correlation_id', 'user_id', 'org_id', 'event_id']);
  const { metricsDays, tracesDays, logsDays } = ibexContract.retention;
  assert.ok(metricsDays >= 30 && logsDays >= 30 && tracesDays >= 7 && tracesDays <= 14);
});

test('the objectives are those of the platform', () => {
  const table = Object.values(ibexContract.slos).map((slo) => [
    slo.surface,
    slo.objective,
    slo.thresholdSeconds,
  ]);
  assert.deepEqual(table, [
    ['Public API', 0.95, 0.3],
    ['Public API', 0.99, 1],
    ['Authorization membership-resolution', 0.95, 0.02],
    ['Authorization membership-resolution', 0.99, 0.05],
    ['Allocation create → provisioning event emitted', 0.99, 1],
    ['Webhook signature verification → ledger credit', 0.99, 5],
  ]);
  assert.equal(ibexContract.slos.public_api_p95.evaluatedAtSeconds, 0.25);
});
