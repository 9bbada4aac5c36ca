// Original file: proto/ibex/usage/v1/usage.proto

import type { Long } from '@grpc/proto-loader';

export interface UsageTotal {
  'tokens'?: (number | string | Long);
  'costUsdMicros'?: (number | string | Long);
}

export interface UsageTotal__Output {
  'tokens': (number);
  'costUsdMicros': (number);
}
