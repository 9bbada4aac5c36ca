// Original file: proto/ibex/usage/v1/usage.proto

import type { UsageSubject as _ibex_usage_v1_UsageSubject, UsageSubject__Output as _ibex_usage_v1_UsageSubject__Output } from '../../../ibex/usage/v1/UsageSubject.ts';
import type { Long } from '@grpc/proto-loader';

export interface ReadUsageTotalsRequest {
  'orgId'?: (string);
  /**
   * An instant in the month.
   */
  'atUnixMs'?: (number | string | Long);
  'subjects'?: (_ibex_usage_v1_UsageSubject)[];
}

export interface ReadUsageTotalsRequest__Output {
  'orgId': (string);
  /**
   * An instant in the month.
   */
  'atUnixMs': (number);
  'subjects': (_ibex_usage_v1_UsageSubject__Output)[];
}
