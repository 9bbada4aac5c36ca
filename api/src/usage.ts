import { fileURLToPath } from 'node:url';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import type { ProtoGrpcType } from './generated/proto/usage.ts';

export type { RecordUsageResponse__Output as RecordUsageResponse } from './generated/proto/ibex/usage/v1/RecordUsageResponse.ts';
export type {
  SummariseUsageRequest,
  SummariseUsageRequest__Output,
} from './generated/proto/ibex/usage/v1/SummariseUsageRequest.ts';
export type { SummariseUsageResponse__Output as SummariseUsageResponse } from './generated/proto/ibex/usage/v1/SummariseUsageResponse.ts';
export type { UsageRecord, UsageRecord__Output } from './generated/proto/ibex/usage/v1/UsageRecord.ts';
export type {
  UsageServiceClient,
  UsageServiceHandlers,
} from './generated/proto/ibex/usage/v1/UsageService.ts';
export type { UsageSubject } from './generated/proto/ibex/usage/v1/UsageSubject.ts';
export type { UsageSum__Output as UsageSum } from './generated/proto/ibex/usage/v1/UsageSum.ts';
export type { UsageTotal__Output as UsageTotal } from './generated/proto/ibex/usage/v1/UsageTotal.ts';

/** What records can be grouped by. */
export const usageGroups = ['day', 'model', 'provider', 'agent', 'token', 'user', 'outcome'] as const;

export type UsageGroup = (typeof usageGroups)[number];

/** Most records of one request, and most groups of one answer. */
export const maximumUsageRecords = 500;
export const maximumUsageSums = 1000;

/** The loaded definition of `ibex.usage.v1`, as gRPC reflection wants it. */
export const usagePackage: PackageDefinition = loadSync('ibex/usage/v1/usage.proto', {
  includeDirs: [fileURLToPath(new URL('../proto', import.meta.url))],
  longs: Number,
  enums: String,
  defaults: true,
});

/** The service of `ibex.usage.v1`. */
export const UsageService: ProtoGrpcType['ibex']['usage']['v1']['UsageService'] = (
  loadPackageDefinition(usagePackage) as unknown as ProtoGrpcType
).ibex.usage.v1.UsageService;
