// Original file: proto/ibex/usage/v1/usage.proto

import type { Long } from '@grpc/proto-loader';

export interface UsageSum {
  /**
   * The values of the group, in the order of group_by.
   */
  'group'?: (string)[];
  'calls'?: (number | string | Long);
  /**
   * Calls whose tokens nobody counted.
   */
  'callsWithoutUsage'?: (number | string | Long);
  /**
   * Calls whose tokens the gateway estimated.
   */
  'callsEstimated'?: (number | string | Long);
  'inputTokens'?: (number | string | Long);
  'outputTokens'?: (number | string | Long);
  'cacheReadTokens'?: (number | string | Long);
  'cacheWriteTokens'?: (number | string | Long);
  'reasoningTokens'?: (number | string | Long);
  'costUsdMicros'?: (number | string | Long);
}

export interface UsageSum__Output {
  /**
   * The values of the group, in the order of group_by.
   */
  'group': (string)[];
  'calls': (number);
  /**
   * Calls whose tokens nobody counted.
   */
  'callsWithoutUsage': (number);
  /**
   * Calls whose tokens the gateway estimated.
   */
  'callsEstimated': (number);
  'inputTokens': (number);
  'outputTokens': (number);
  'cacheReadTokens': (number);
  'cacheWriteTokens': (number);
  'reasoningTokens': (number);
  'costUsdMicros': (number);
}
