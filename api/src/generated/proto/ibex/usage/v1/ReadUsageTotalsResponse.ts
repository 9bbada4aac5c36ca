// Original file: proto/ibex/usage/v1/usage.proto

import type { UsageTotal as _ibex_usage_v1_UsageTotal, UsageTotal__Output as _ibex_usage_v1_UsageTotal__Output } from '../../../ibex/usage/v1/UsageTotal.ts';

export interface ReadUsageTotalsResponse {
  /**
   * In the order of the subjects.
   */
  'totals'?: (_ibex_usage_v1_UsageTotal)[];
}

export interface ReadUsageTotalsResponse__Output {
  /**
   * In the order of the subjects.
   */
  'totals': (_ibex_usage_v1_UsageTotal__Output)[];
}
