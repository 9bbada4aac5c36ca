import type * as grpc from '@grpc/grpc-js';
import type { MessageTypeDefinition } from '@grpc/proto-loader';

import type { ReadUsageTotalsRequest as _ibex_usage_v1_ReadUsageTotalsRequest, ReadUsageTotalsRequest__Output as _ibex_usage_v1_ReadUsageTotalsRequest__Output } from './ibex/usage/v1/ReadUsageTotalsRequest.ts';
import type { ReadUsageTotalsResponse as _ibex_usage_v1_ReadUsageTotalsResponse, ReadUsageTotalsResponse__Output as _ibex_usage_v1_ReadUsageTotalsResponse__Output } from './ibex/usage/v1/ReadUsageTotalsResponse.ts';
import type { RecordUsageRequest as _ibex_usage_v1_RecordUsageRequest, RecordUsageRequest__Output as _ibex_usage_v1_RecordUsageRequest__Output } from './ibex/usage/v1/RecordUsageRequest.ts';
import type { RecordUsageResponse as _ibex_usage_v1_RecordUsageResponse, RecordUsageResponse__Output as _ibex_usage_v1_RecordUsageResponse__Output } from './ibex/usage/v1/RecordUsageResponse.ts';
import type { SummariseUsageRequest as _ibex_usage_v1_SummariseUsageRequest, SummariseUsageRequest__Output as _ibex_usage_v1_SummariseUsageRequest__Output } from './ibex/usage/v1/SummariseUsageRequest.ts';
import type { SummariseUsageResponse as _ibex_usage_v1_SummariseUsageResponse, SummariseUsageResponse__Output as _ibex_usage_v1_SummariseUsageResponse__Output } from './ibex/usage/v1/SummariseUsageResponse.ts';
import type { UsageRecord as _ibex_usage_v1_UsageRecord, UsageRecord__Output as _ibex_usage_v1_UsageRecord__Output } from './ibex/usage/v1/UsageRecord.ts';
import type { UsageServiceClient as _ibex_usage_v1_UsageServiceClient, UsageServiceDefinition as _ibex_usage_v1_UsageServiceDefinition } from './ibex/usage/v1/UsageService.ts';
import type { UsageSubject as _ibex_usage_v1_UsageSubject, UsageSubject__Output as _ibex_usage_v1_UsageSubject__Output } from './ibex/usage/v1/UsageSubject.ts';
import type { UsageSum as _ibex_usage_v1_UsageSum, UsageSum__Output as _ibex_usage_v1_UsageSum__Output } from './ibex/usage/v1/UsageSum.ts';
import type { UsageTotal as _ibex_usage_v1_UsageTotal, UsageTotal__Output as _ibex_usage_v1_UsageTotal__Output } from './ibex/usage/v1/UsageTotal.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  ibex: {
    usage: {
      v1: {
        ReadUsageTotalsRequest: MessageTypeDefinition<_ibex_usage_v1_ReadUsageTotalsRequest, _ibex_usage_v1_ReadUsageTotalsRequest__Output>
        ReadUsageTotalsResponse: MessageTypeDefinition<_ibex_usage_v1_ReadUsageTotalsResponse, _ibex_usage_v1_ReadUsageTotalsResponse__Output>
        RecordUsageRequest: MessageTypeDefinition<_ibex_usage_v1_RecordUsageRequest, _ibex_usage_v1_RecordUsageRequest__Output>
        RecordUsageResponse: MessageTypeDefinition<_ibex_usage_v1_RecordUsageResponse, _ibex_usage_v1_RecordUsageResponse__Output>
        SummariseUsageRequest: MessageTypeDefinition<_ibex_usage_v1_SummariseUsageRequest, _ibex_usage_v1_SummariseUsageRequest__Output>
        SummariseUsageResponse: MessageTypeDefinition<_ibex_usage_v1_SummariseUsageResponse, _ibex_usage_v1_SummariseUsageResponse__Output>
        UsageRecord: MessageTypeDefinition<_ibex_usage_v1_UsageRecord, _ibex_usage_v1_UsageRecord__Output>
        /**
         * The ledger of what calls of models used: written by gateways, read for reports and budgets. Callers are trusted to have
         * checked who may read what.
         */
        UsageService: SubtypeConstructor<typeof grpc.Client, _ibex_usage_v1_UsageServiceClient> & { service: _ibex_usage_v1_UsageServiceDefinition }
        UsageSubject: MessageTypeDefinition<_ibex_usage_v1_UsageSubject, _ibex_usage_v1_UsageSubject__Output>
        UsageSum: MessageTypeDefinition<_ibex_usage_v1_UsageSum, _ibex_usage_v1_UsageSum__Output>
        UsageTotal: MessageTypeDefinition<_ibex_usage_v1_UsageTotal, _ibex_usage_v1_UsageTotal__Output>
      }
    }
  }
}

