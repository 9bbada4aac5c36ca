// Original file: proto/ibex/usage/v1/usage.proto

import type { Long } from '@grpc/proto-loader';

export interface SummariseUsageRequest {
  /**
   * Empty for all organisations.
   */
  'orgId'?: (string);
  'fromUnixMs'?: (number | string | Long);
  /**
   * Not included.
   */
  'toUnixMs'?: (number | string | Long);
  /**
   * Of "day" (UTC), "model", "provider", "agent", "token", "user", "outcome"; empty for one sum.
   */
  'groupBy'?: (string)[];
  /**
   * Empty for all gateways.
   */
  'gateway'?: (string);
  /**
   * At most 1000 groups are answered, those of the highest cost and then tokens first.
   */
  'limit'?: (number);
}

export interface SummariseUsageRequest__Output {
  /**
   * Empty for all organisations.
   */
  'orgId': (string);
  'fromUnixMs': (number);
  /**
   * Not included.
   */
  'toUnixMs': (number);
  /**
   * Of "day" (UTC), "model", "provider", "agent", "token", "user", "outcome"; empty for one sum.
   */
  'groupBy': (string)[];
  /**
   * Empty for all gateways.
   */
  'gateway': (string);
  /**
   * At most 1000 groups are answered, those of the highest cost and then tokens first.
   */
  'limit': (number);
}
