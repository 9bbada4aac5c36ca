// Original file: proto/ibex/usage/v1/usage.proto

import type { UsageRecord as _ibex_usage_v1_UsageRecord, UsageRecord__Output as _ibex_usage_v1_UsageRecord__Output } from '../../../ibex/usage/v1/UsageRecord.ts';

export interface RecordUsageRequest {
  /**
   * At most 500.
   */
  'records'?: (_ibex_usage_v1_UsageRecord)[];
}

export interface RecordUsageRequest__Output {
  /**
   * At most 500.
   */
  'records': (_ibex_usage_v1_UsageRecord__Output)[];
}
