import type { MetricDefinition } from '../model.ts';

const provider = { configured: 'provider', limit: 8 } as const;
const model = { configured: 'model', limit: 32 } as const;
const operations = ['chat', 'text_completion', 'embeddings'] as const;

/** Buckets of the GenAI conventions, and three more for models that reason before they answer. */
const operationBuckets = [
  0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92, 163.84, 327.68,
  655.36,
] as const;
const firstChunkBuckets = [
  0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
] as const;
const chunkBuckets = [0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5] as const;
const tokenBuckets = [
  1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864,
] as const;
/** Fine below the 20 ms the proxy may add. */
const overheadBuckets = [
  0.00025, 0.0005, 0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.02, 0.05, 0.1, 0.5, 1,
] as const;

/** How a stream ended. */
export const streamOutcomes = [
  'completed',
  'client_cancelled_aborted',
  'client_cancelled_drained',
  'upstream_reset',
  'idle_timeout',
  'total_timeout',
  'in_band_error',
  'killed',
  'gateway_stopping',
] as const;

/** What the proxy measures of each call of a model, beside the provider families. */
export const callMetrics = {
  ibex_proxy_provider_attempts_total: {
    type: 'counter',
    unit: 'attempts',
    help: 'Attempts to have a provider answer, by how they ended; a call makes one or more.',
    labels: {
      provider,
      kind: ['first', 'retry', 'fallback', 'hedge'],
      result: ['ok', 'error', 'rejected', 'timeout', 'cancelled', 'lost'],
    },
    services: ['proxy'],
  },
  ibex_proxy_provider_circuit_state: {
    type: 'gauge',
    unit: 'circuits',
    help: '1 for the state that the circuit of a provider and model is in.',
    labels: { provider, model, state: ['closed', 'open', 'half_open'] },
    services: ['proxy'],
  },
  ibex_proxy_stream_outcomes_total: {
    type: 'counter',
    unit: 'streams',
    help: 'Streams that a provider began, by how they ended.',
    labels: { provider, outcome: streamOutcomes },
    services: ['proxy'],
  },
  ibex_proxy_stream_stalls_total: {
    type: 'counter',
    unit: 'stalls',
    help: 'Silences of a stream beyond the stall time, by who was waited for.',
    labels: { provider, side: ['upstream', 'client'] },
    services: ['proxy'],
  },
  ibex_proxy_stream_wait_seconds_total: {
    type: 'counter',
    unit: 'seconds',
    help: 'Time streams spent waiting, by who was waited for: a slow model or a slow client.',
    labels: { provider, side: ['upstream', 'client'] },
    services: ['proxy'],
  },
  ibex_proxy_stream_keep_alives_total: {
    type: 'counter',
    unit: 'comments',
    help: 'Comments sent to clients while a provider was silent.',
    labels: {},
    services: ['proxy'],
  },
  ibex_proxy_tokens_total: {
    type: 'counter',
    unit: 'tokens',
    help: 'Tokens by who counted them; details (cache, reasoning) are parts of input and output.',
    labels: {
      provider,
      source: ['provider', 'estimated'],
      type: ['input', 'output', 'cache_read', 'cache_write', 'reasoning'],
    },
    services: ['proxy'],
  },
  ibex_proxy_call_usage_total: {
    type: 'counter',
    unit: 'calls',
    help: 'Calls by who counted their tokens: the provider, the gateway by estimate, or nobody.',
    labels: { provider, source: ['provider', 'estimated', 'absent'] },
    services: ['proxy'],
  },
  ibex_proxy_cost_usd_micros_total: {
    type: 'counter',
    unit: 'micros',
    help: 'Cost of calls by the price table, in millionths of a US dollar.',
    labels: { provider, model },
    services: ['proxy'],
  },
  ibex_proxy_calls_in_flight: {
    type: 'gauge',
    unit: 'calls',
    help: 'Calls of a model under way.',
    labels: { dialect: ['chat', 'completions', 'responses', 'messages', 'embeddings', 'count_tokens'] },
    services: ['proxy'],
  },
  ibex_proxy_overhead_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'What the proxy itself added to a call: its duration without the time spent waiting for the provider or the client.',
    labels: { dialect: ['chat', 'completions', 'responses', 'messages', 'embeddings', 'count_tokens'] },
    buckets: overheadBuckets,
    exemplars: true,
    services: ['proxy'],
  },
  ibex_proxy_config_reloads_total: {
    type: 'counter',
    unit: 'reloads',
    help: 'Times the configuration was read anew, by whether it was taken.',
    labels: { result: ['applied', 'refused'] },
    services: ['proxy'],
  },
  gen_ai_client_operation_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'GenAI operation duration.',
    labels: {
      gen_ai_operation_name: operations,
      gen_ai_provider_name: provider,
      gen_ai_request_model: model,
    },
    buckets: operationBuckets,
    exemplars: true,
    services: ['proxy'],
  },
  gen_ai_client_token_usage: {
    type: 'histogram',
    unit: 'tokens',
    help: 'Number of input and output tokens used, as the provider counted them.',
    labels: {
      gen_ai_operation_name: operations,
      gen_ai_provider_name: provider,
      gen_ai_token_type: ['input', 'output'],
    },
    buckets: tokenBuckets,
    services: ['proxy'],
  },
  gen_ai_client_operation_time_to_first_chunk_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time to the first chunk of a stream.',
    labels: { gen_ai_operation_name: operations, gen_ai_provider_name: provider },
    buckets: firstChunkBuckets,
    exemplars: true,
    services: ['proxy'],
  },
  gen_ai_client_operation_time_per_output_chunk_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time between two chunks of a stream.',
    labels: { gen_ai_operation_name: operations, gen_ai_provider_name: provider },
    buckets: chunkBuckets,
    services: ['proxy'],
  },
} as const satisfies Record<string, MetricDefinition>;
