// Original file: proto/ibex/usage/v1/usage.proto

import type { UsageSum as _ibex_usage_v1_UsageSum, UsageSum__Output as _ibex_usage_v1_UsageSum__Output } from '../../../ibex/usage/v1/UsageSum.ts';

export interface SummariseUsageResponse {
  'sums'?: (_ibex_usage_v1_UsageSum)[];
  /**
   * There are more groups than were asked for.
   */
  'truncated'?: (boolean);
}

export interface SummariseUsageResponse__Output {
  'sums': (_ibex_usage_v1_UsageSum__Output)[];
  /**
   * There are more groups than were asked for.
   */
  'truncated': (boolean);
}
