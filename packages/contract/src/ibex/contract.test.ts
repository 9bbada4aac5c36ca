import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MetricDefinition } from '../model.ts';
import { forbiddenLabels } from '../proofs/naming.ts';
import { ibexContract } from './contract.ts';

const metrics: Readonly<Record<string, MetricDefinition>> = ibexContract.metrics;

function metric(name: string): MetricDefinition {
  const found = metrics[name];
  assert.ok(found, `${name} is in the catalog`);
  return found;
}

/** One row of a catalog: name, type, labels, start of the help text. */
type Row = readonly [name: string, type: string, labels: readonly string[], help: string];

function assertRow([name, type, labels, help]: Row): void {
  const found = metric(name);
  assert.equal(found.type, type, name);
  assert.deepEqual(Object.keys(found.labels), labels, name);
  assert.ok(found.help.startsWith(help), `${name}: ${found.help}`);
}

const latencyBuckets = [0.001, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 5];

describe('the canonical catalog of auth and proxy', () => {
  const catalog: readonly Row[] = [
    [
      'ibex_proxy_request_duration_seconds',
      'histogram',
      ['route', 'method', 'status_code'],
      'End-to-end proxy request duration',
    ],
    [
      'ibex_proxy_requests_total',
      'counter',
      ['route', 'method', 'status_code'],
      'Total requests to the proxy',
    ],
    ['ibex_proxy_active_connections', 'gauge', [], 'Currently open HTTP connections'],
    ['ibex_proxy_rate_limited_total', 'counter', ['result'], 'Rate limit check outcomes'],
    ['ibex_proxy_rate_limit_redis_errors_total', 'counter', [], 'Redis failures during rate limiting'],
    [
      'ibex_auth_validate_token_duration_seconds',
      'histogram',
      ['result'],
      'Auth gRPC ValidateToken call duration',
    ],
    [
      'ibex_auth_validate_agent_duration_seconds',
      'histogram',
      ['result'],
      'Auth gRPC ValidateAgent call duration',
    ],
    ['ibex_auth_grpc_requests_total', 'counter', ['method', 'status'], 'Auth gRPC call outcomes'],
    ['ibex_db_query_duration_seconds', 'histogram', ['operation'], 'Database query duration'],
    ['ibex_db_pool_open_connections', 'gauge', ['state'], 'DB connection pool state'],
    ['ibex_process_up', 'gauge', ['service'], '1 if the service is running'],
  ];

  test('has its eleven metrics, with type, labels and help', () => {
    assert.equal(catalog.length, 11);
    for (const row of catalog) assertRow(row);
  });

  test('has the standard latency buckets in every histogram of a duration but those with a norm of their own', () => {
    const durations = Object.entries(metrics).filter(
      ([name, { type, unit }]) =>
        type === 'histogram' &&
        unit === 'seconds' &&
        !name.startsWith('gen_ai_') &&
        name !== 'ibex_proxy_overhead_duration_seconds',
    );
    assert.ok(durations.length >= 9);
    for (const [name, { buckets }] of durations) assert.deepEqual(buckets, latencyBuckets, name);
  });

  test('has the results and states the catalog lists', () => {
    assert.deepEqual(metric('ibex_proxy_rate_limited_total').labels.result, ['allowed', 'denied']);
    const token = metric('ibex_auth_validate_token_duration_seconds');
    assert.deepEqual(token.labels.result, ['ok', 'error', 'revoked']);
    const agent = metric('ibex_auth_validate_agent_duration_seconds');
    assert.deepEqual(agent.labels.result, ['ok', 'error', 'not_found']);
    assert.deepEqual(metric('ibex_db_pool_open_connections').labels.state, ['in_use', 'idle']);
  });

  test('has route templates and status codes as strings', () => {
    const { route, status_code } = metric('ibex_proxy_requests_total').labels;
    assert.ok(Array.isArray(route) && route.includes('/v1/chat/completions'));
    assert.ok(Array.isArray(status_code));
    for (const status of ['200', '429', '503']) assert.ok(status_code.includes(status), status);
    assert.ok(status_code.every((status) => /^[1-5]\d\d$/.test(status)));
  });
});

test('the HTTP, provider and conversation families of the gateway are there', () => {
  const families: readonly Row[] = [
    ['http_requests_total', 'counter', ['method', 'path', 'status'], 'Total number of HTTP requests'],
    ['http_request_duration_seconds', 'histogram', ['method', 'path'], 'Request latency'],
    ['http_request_size_bytes', 'histogram', ['method', 'path'], 'Request body size'],
    ['http_response_size_bytes', 'histogram', ['method', 'path'], 'Response body size'],
    [
      'provider_requests_total',
      'counter',
      ['provider', 'model', 'operation', 'status'],
      'Provider API calls',
    ],
    [
      'provider_request_duration_seconds',
      'histogram',
      ['provider', 'model', 'operation'],
      'Provider latency',
    ],
    ['provider_tokens_total', 'counter', ['provider', 'model', 'type'], 'Token usage'],
    ['provider_stream_ttfb_seconds', 'histogram', ['provider', 'model'], 'Time to first byte for streaming'],
    ['provider_stream_chunks_total', 'counter', ['provider', 'model'], 'Stream chunk count'],
    ['provider_stream_duration_seconds', 'histogram', ['provider', 'model'], 'Total stream duration'],
    ['conversation_operations_total', 'counter', ['operation', 'backend', 'status'], 'Store operations'],
    [
      'conversation_operation_duration_seconds',
      'histogram',
      ['operation', 'backend'],
      'Store operation latency',
    ],
    ['conversation_active_count', 'gauge', ['backend'], 'Number of active conversations'],
  ];
  assert.equal(families.length, 13);
  for (const row of families) assertRow(row);
  assert.deepEqual(metric('provider_tokens_total').labels.type, ['input', 'output']);
});

test('no metric has a forbidden label, and every label has a closed set', () => {
  assert.deepEqual(forbiddenLabels, ['org_id', 'agent_id', 'user_id', 'session_id']);
  for (const [name, { labels }] of Object.entries(metrics)) {
    for (const [label, values] of Object.entries(labels)) {
      assert.equal(forbiddenLabels.includes(label), false, `${name}.${label}`);
      assert.ok('configured' in values || 'perService' in values || values.length > 0, `${name}.${label}`);
    }
  }
});

test('the sensitive keys of the platform are all redacted', () => {
  const required = [
    ...['password', 'password_hash', 'access_token', 'refresh_token', 'id_token'],
    ...['ssh_private_key', 'ssh_private_key_enc', 'stripe_customer_id', 'payment_reference'],
    ...['email', 'username', 'access_secret_enc', 'scheduler_metadata'],
  ];
  const keys: readonly string[] = ibexContract.sensitiveKeys;
  for (const key of required) assert.ok(keys.includes(key), key);
});

test('audit metadata has the twelve allowed keys and no other', () => {
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
});

test('the objectives are those of the platform', () => {
  const table = Object.values(ibexContract.slos).map(
    ({ surface, objective, thresholdSeconds, evaluatedAtSeconds }) =>
      [surface, objective, thresholdSeconds, evaluatedAtSeconds] as const,
  );
  assert.deepEqual(table, [
    ['Public API', 0.95, 0.3, 0.25],
    ['Public API', 0.99, 1, 1],
    ['Gateway overhead', 0.99, 0.003, 0.003],
    ['Authorization membership-resolution', 0.95, 0.02, 0.02],
    ['Authorization membership-resolution', 0.99, 0.05, 0.05],
    ['Allocation create → provisioning event emitted', 0.99, 1, 1],
    ['Webhook signature verification → ledger credit', 0.99, 5, 5],
  ]);
});

test('resource attributes, correlation fields and retention are those of the architecture', () => {
  assert.deepEqual(ibexContract.resourceAttributes, [
    'service.name',
    'service.version',
    'deployment.environment',
    'service.instance.id',
  ]);
  assert.deepEqual(ibexContract.correlationFields, ['correlation_id', 'user_id', 'org_id', 'event_id']);
  for (const field of ibexContract.correlationFields) assert.ok(field in ibexContract.logFields, field);
  const { metricsDays, tracesDays, logsDays, auditDays } = ibexContract.retention;
  assert.ok(metricsDays >= 30);
  assert.ok(tracesDays >= 7 && tracesDays <= 14);
  assert.equal(logsDays, 30);
  assert.ok(auditDays > logsDays);
});

describe('log fields and spans', () => {
  test('the keys of a log line are those of the documents', () => {
    const keys = [
      ...['time', 'level', 'msg', 'service', 'request_id', 'trace_id', 'span_id', 'correlation_id'],
      ...['provider', 'model', 'input_tokens', 'output_tokens', 'org_id', 'user_id', 'error_code'],
    ];
    for (const key of keys) assert.ok(key in ibexContract.logFields, key);
  });

  test('spans carry the attributes of the documents', () => {
    const attributes = (name: keyof typeof ibexContract.spans): readonly string[] => [
      ...ibexContract.spans[name].required,
      ...ibexContract.spans[name].optional,
    ];
    const http = ['http.method', 'http.route', 'http.status_code', 'http.request_id', 'trace_id', 'span_id'];
    for (const key of http) assert.ok(attributes('http_server').includes(key), key);
    const provider = ['provider.name', 'provider.model', 'provider.input_tokens', 'provider.output_tokens'];
    for (const key of provider) assert.ok(attributes('provider_generate').includes(key), key);
    for (const key of [...provider, 'provider.chunk_count', 'provider.ttfb_seconds']) {
      assert.ok(attributes('provider_generate_stream').includes(key), key);
    }
    const conversation = ['conversation.id', 'conversation.backend', 'conversation.message_count'];
    for (const key of [...conversation, 'conversation.model']) {
      assert.ok(attributes('conversation_get').includes(key), key);
      assert.ok(attributes('conversation_create').includes(key), key);
    }
    assert.equal(ibexContract.spans.http_server.name, '{method} {route}');
    assert.equal(ibexContract.spans.provider_generate.name, 'provider.generate');
    assert.equal(ibexContract.spans.provider_generate_stream.name, 'provider.generate_stream');
  });
});
