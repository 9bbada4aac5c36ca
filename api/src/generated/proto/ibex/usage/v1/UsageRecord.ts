// Original file: proto/ibex/usage/v1/usage.proto

import type { Long } from '@grpc/proto-loader';

/**
 * One call of a model, from its end.
 */
export interface UsageRecord {
  /**
   * Names the record; made by the gateway, as clients may choose request ids and choose them twice.
   */
  'recordId'?: (string);
  'requestId'?: (string);
  'endedAtUnixMs'?: (number | string | Long);
  /**
   * The process that made the call.
   */
  'gateway'?: (string);
  'orgId'?: (string);
  /**
   * Empty for a token of the organisation itself.
   */
  'userId'?: (string);
  'tokenId'?: (string);
  /**
   * Empty for a call without an agent.
   */
  'agentId'?: (string);
  'provider'?: (string);
  /**
   * As the client asked for it.
   */
  'model'?: (string);
  'dialect'?: (string);
  /**
   * How the call ended, e.g. "completed" or "client_cancelled_aborted".
   */
  'outcome'?: (string);
  /**
   * "ok", "error", "rejected", "timeout" or "cancelled".
   */
  'status'?: (string);
  /**
   * All 0 where usage_source is "absent": nobody counted.
   */
  'inputTokens'?: (number | string | Long);
  'outputTokens'?: (number | string | Long);
  /**
   * Parts of input_tokens.
   */
  'cacheReadTokens'?: (number | string | Long);
  'cacheWriteTokens'?: (number | string | Long);
  /**
   * Part of output_tokens.
   */
  'reasoningTokens'?: (number | string | Long);
  /**
   * "provider", "estimated" or "absent".
   */
  'usageSource'?: (string);
  /**
   * Micro-dollars; absent where the model has no price.
   */
  'costUsdMicros'?: (number | string | Long);
  'durationMs'?: (number | string | Long);
  '_costUsdMicros'?: "costUsdMicros";
}

/**
 * One call of a model, from its end.
 */
export interface UsageRecord__Output {
  /**
   * Names the record; made by the gateway, as clients may choose request ids and choose them twice.
   */
  'recordId': (string);
  'requestId': (string);
  'endedAtUnixMs': (number);
  /**
   * The process that made the call.
   */
  'gateway': (string);
  'orgId': (string);
  /**
   * Empty for a token of the organisation itself.
   */
  'userId': (string);
  'tokenId': (string);
  /**
   * Empty for a call without an agent.
   */
  'agentId': (string);
  'provider': (string);
  /**
   * As the client asked for it.
   */
  'model': (string);
  'dialect': (string);
  /**
   * How the call ended, e.g. "completed" or "client_cancelled_aborted".
   */
  'outcome': (string);
  /**
   * "ok", "error", "rejected", "timeout" or "cancelled".
   */
  'status': (string);
  /**
   * All 0 where usage_source is "absent": nobody counted.
   */
  'inputTokens': (number);
  'outputTokens': (number);
  /**
   * Parts of input_tokens.
   */
  'cacheReadTokens': (number);
  'cacheWriteTokens': (number);
  /**
   * Part of output_tokens.
   */
  'reasoningTokens': (number);
  /**
   * "provider", "estimated" or "absent".
   */
  'usageSource': (string);
  /**
   * Micro-dollars; absent where the model has no price.
   */
  'costUsdMicros'?: (number);
  'durationMs': (number);
}
