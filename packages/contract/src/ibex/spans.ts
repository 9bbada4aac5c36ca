import type { SpanDefinition } from '../model.ts';

const httpAttributes = [
  'http.method',
  'http.route',
  'http.status_code',
  'http.request_id',
  'trace_id',
  'span_id',
  'http.request.method',
  'http.response.status_code',
  'url.path',
  'correlation_id',
] as const;
const providerAttributes = [
  'provider.name',
  'provider.model',
  'gen_ai.operation.name',
  'gen_ai.provider.name',
  'gen_ai.request.model',
] as const;
const providerRequestAttributes = [
  'gen_ai.request.max_tokens',
  'gen_ai.request.temperature',
  'gen_ai.request.top_p',
  'gen_ai.conversation.id',
  'ibex.attempt_count',
] as const;
const usageAttributes = [
  'provider.input_tokens',
  'provider.output_tokens',
  'gen_ai.usage.input_tokens',
  'gen_ai.usage.output_tokens',
  'gen_ai.usage.cache_read.input_tokens',
  'gen_ai.usage.cache_creation.input_tokens',
  'gen_ai.usage.reasoning.output_tokens',
  'gen_ai.response.id',
  'gen_ai.response.model',
  'gen_ai.response.finish_reasons',
  'ibex.usage_source',
  'error.type',
] as const;
const conversationAttributes = ['conversation.id', 'conversation.backend'] as const;

/** The spans of the gateway and the services around it. */
export const spans = {
  http_server: {
    name: '{method} {route}',
    kind: 'server',
    service: ['proxy', 'auth', 'collector', 'console'],
    required: httpAttributes,
    optional: [
      'user_agent.original',
      'client.address',
      'org_id',
      'user_id',
      'error.type',
      'ibex.outcome',
      'ibex.keep_reason',
    ],
  },
  http_client: {
    name: '{method}',
    kind: 'client',
    service: ['proxy', 'collector', 'console'],
    required: ['http.request.method', 'server.address', 'server.port', 'url.full'],
    optional: ['http.response.status_code', 'error.type'],
  },
  grpc_client: {
    name: '{package}.{service}/{method}',
    kind: 'client',
    service: ['proxy', 'console'],
    required: ['rpc.system', 'rpc.service', 'rpc.method', 'rpc.grpc.status_code'],
    optional: ['error.type', 'server.address'],
  },
  grpc_server: {
    name: '{package}.{service}/{method}',
    kind: 'server',
    service: ['auth'],
    required: ['rpc.system', 'rpc.service', 'rpc.method', 'rpc.grpc.status_code', 'correlation_id'],
    optional: ['error.type', 'http.request_id', 'org_id', 'ibex.keep_reason'],
  },
  db_query: {
    name: 'db.{operation}',
    kind: 'client',
    service: ['auth'],
    required: ['db.system.name', 'db.operation.name'],
    optional: ['error.type'],
  },
  audit_write: {
    name: 'audit.write',
    kind: 'internal',
    service: ['auth'],
    required: ['audit.action'],
    optional: ['org_id', 'error.type'],
  },
  provider_generate: {
    name: 'provider.generate',
    kind: 'client',
    service: ['proxy'],
    required: providerAttributes,
    optional: [...providerRequestAttributes, ...usageAttributes],
  },
  provider_generate_stream: {
    name: 'provider.generate_stream',
    kind: 'client',
    service: ['proxy'],
    required: providerAttributes,
    optional: [
      ...providerRequestAttributes,
      ...usageAttributes,
      'provider.chunk_count',
      'provider.ttfb_seconds',
      'gen_ai.response.time_to_first_chunk',
      'ibex.stream_outcome',
      'ibex.stream_upstream_wait_seconds',
      'ibex.stream_client_wait_seconds',
      'ibex.stream_stall_count',
      'ibex.stream_longest_gap_seconds',
    ],
  },
  provider_attempt: {
    name: 'provider.attempt',
    kind: 'client',
    service: ['proxy'],
    required: ['provider.name', 'provider.model', 'ibex.attempt', 'ibex.attempt_kind'],
    optional: ['error.type'],
  },
  conversation_get: {
    name: 'conversation.get',
    kind: 'client',
    service: ['proxy'],
    required: conversationAttributes,
    optional: ['conversation.message_count', 'conversation.model', 'error.type'],
  },
  conversation_create: {
    name: 'conversation.create',
    kind: 'client',
    service: ['proxy'],
    required: conversationAttributes,
    optional: ['conversation.message_count', 'conversation.model', 'error.type'],
  },
} as const satisfies Record<string, SpanDefinition>;
