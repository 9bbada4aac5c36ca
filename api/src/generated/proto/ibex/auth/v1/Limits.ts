// Original file: proto/ibex/auth/v1/auth.proto

import type { Long } from '@grpc/proto-loader';

/**
 * How much may be used. 0 means no limit here: a broader limit, or the caller's default, still holds.
 */
export interface Limits {
  'requestsPerMinute'?: (number);
  /**
   * Tokens of models, in and out together.
   */
  'tokensPerMinute'?: (number | string | Long);
  /**
   * Requests under way at the same time.
   */
  'concurrentRequests'?: (number);
  /**
   * Tokens of models in a calendar month (UTC).
   */
  'monthlyTokenBudget'?: (number | string | Long);
  /**
   * Cost in a calendar month (UTC), in millionths of the currency of the price table.
   */
  'monthlyCostBudgetMicros'?: (number | string | Long);
}

/**
 * How much may be used. 0 means no limit here: a broader limit, or the caller's default, still holds.
 */
export interface Limits__Output {
  'requestsPerMinute': (number);
  /**
   * Tokens of models, in and out together.
   */
  'tokensPerMinute': (number);
  /**
   * Requests under way at the same time.
   */
  'concurrentRequests': (number);
  /**
   * Tokens of models in a calendar month (UTC).
   */
  'monthlyTokenBudget': (number);
  /**
   * Cost in a calendar month (UTC), in millionths of the currency of the price table.
   */
  'monthlyCostBudgetMicros': (number);
}
