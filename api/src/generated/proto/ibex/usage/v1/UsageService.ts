// Original file: proto/ibex/usage/v1/usage.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ReadUsageTotalsRequest as _ibex_usage_v1_ReadUsageTotalsRequest, ReadUsageTotalsRequest__Output as _ibex_usage_v1_ReadUsageTotalsRequest__Output } from '../../../ibex/usage/v1/ReadUsageTotalsRequest.ts';
import type { ReadUsageTotalsResponse as _ibex_usage_v1_ReadUsageTotalsResponse, ReadUsageTotalsResponse__Output as _ibex_usage_v1_ReadUsageTotalsResponse__Output } from '../../../ibex/usage/v1/ReadUsageTotalsResponse.ts';
import type { RecordUsageRequest as _ibex_usage_v1_RecordUsageRequest, RecordUsageRequest__Output as _ibex_usage_v1_RecordUsageRequest__Output } from '../../../ibex/usage/v1/RecordUsageRequest.ts';
import type { RecordUsageResponse as _ibex_usage_v1_RecordUsageResponse, RecordUsageResponse__Output as _ibex_usage_v1_RecordUsageResponse__Output } from '../../../ibex/usage/v1/RecordUsageResponse.ts';
import type { SummariseUsageRequest as _ibex_usage_v1_SummariseUsageRequest, SummariseUsageRequest__Output as _ibex_usage_v1_SummariseUsageRequest__Output } from '../../../ibex/usage/v1/SummariseUsageRequest.ts';
import type { SummariseUsageResponse as _ibex_usage_v1_SummariseUsageResponse, SummariseUsageResponse__Output as _ibex_usage_v1_SummariseUsageResponse__Output } from '../../../ibex/usage/v1/SummariseUsageResponse.ts';

/**
 * The ledger of what calls of models used: written by gateways, read for reports and budgets. Callers are trusted to have
 * checked who may read what.
 */
export interface UsageServiceClient extends grpc.Client {
  /**
   * What subjects have used in a calendar month (UTC).
   */
  ReadUsageTotals(argument: _ibex_usage_v1_ReadUsageTotalsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_usage_v1_ReadUsageTotalsResponse__Output>): grpc.ClientUnaryCall;
  ReadUsageTotals(argument: _ibex_usage_v1_ReadUsageTotalsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_usage_v1_ReadUsageTotalsResponse__Output>): grpc.ClientUnaryCall;
  ReadUsageTotals(argument: _ibex_usage_v1_ReadUsageTotalsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_usage_v1_ReadUsageTotalsResponse__Output>): grpc.ClientUnaryCall;
  ReadUsageTotals(argument: _ibex_usage_v1_ReadUsageTotalsRequest, callback: grpc.requestCallback<_ibex_usage_v1_ReadUsageTotalsResponse__Output>): grpc.ClientUnaryCall;
  /**
   * What subjects have used in a calendar month (UTC).
   */
  readUsageTotals(argument: _ibex_usage_v1_ReadUsageTotalsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_usage_v1_ReadUsageTotalsResponse__Output>): grpc.ClientUnaryCall;
  readUsageTotals(argument: _ibex_usage_v1_ReadUsageTotalsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_usage_v1_ReadUsageTotalsResponse__Output>): grpc.ClientUnaryCall;
  readUsageTotals(argument: _ibex_usage_v1_ReadUsageTotalsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_usage_v1_ReadUsageTotalsResponse__Output>): grpc.ClientUnaryCall;
  readUsageTotals(argument: _ibex_usage_v1_ReadUsageTotalsRequest, callback: grpc.requestCallback<_ibex_usage_v1_ReadUsageTotalsResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Keeps records; answers when they are on disk. A record that is known by its id is not kept again, so that a caller
   * that heard no answer may send the same once more.
   */
  RecordUsage(argument: _ibex_usage_v1_RecordUsageRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_usage_v1_RecordUsageResponse__Output>): grpc.ClientUnaryCall;
  RecordUsage(argument: _ibex_usage_v1_RecordUsageRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_usage_v1_RecordUsageResponse__Output>): grpc.ClientUnaryCall;
  RecordUsage(argument: _ibex_usage_v1_RecordUsageRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_usage_v1_RecordUsageResponse__Output>): grpc.ClientUnaryCall;
  RecordUsage(argument: _ibex_usage_v1_RecordUsageRequest, callback: grpc.requestCallback<_ibex_usage_v1_RecordUsageResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Keeps records; answers when they are on disk. A record that is known by its id is not kept again, so that a caller
   * that heard no answer may send the same once more.
   */
  recordUsage(argument: _ibex_usage_v1_RecordUsageRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_usage_v1_RecordUsageResponse__Output>): grpc.ClientUnaryCall;
  recordUsage(argument: _ibex_usage_v1_RecordUsageRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_usage_v1_RecordUsageResponse__Output>): grpc.ClientUnaryCall;
  recordUsage(argument: _ibex_usage_v1_RecordUsageRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_usage_v1_RecordUsageResponse__Output>): grpc.ClientUnaryCall;
  recordUsage(argument: _ibex_usage_v1_RecordUsageRequest, callback: grpc.requestCallback<_ibex_usage_v1_RecordUsageResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Sums of records.
   */
  SummariseUsage(argument: _ibex_usage_v1_SummariseUsageRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_usage_v1_SummariseUsageResponse__Output>): grpc.ClientUnaryCall;
  SummariseUsage(argument: _ibex_usage_v1_SummariseUsageRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_usage_v1_SummariseUsageResponse__Output>): grpc.ClientUnaryCall;
  SummariseUsage(argument: _ibex_usage_v1_SummariseUsageRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_usage_v1_SummariseUsageResponse__Output>): grpc.ClientUnaryCall;
  SummariseUsage(argument: _ibex_usage_v1_SummariseUsageRequest, callback: grpc.requestCallback<_ibex_usage_v1_SummariseUsageResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Sums of records.
   */
  summariseUsage(argument: _ibex_usage_v1_SummariseUsageRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_usage_v1_SummariseUsageResponse__Output>): grpc.ClientUnaryCall;
  summariseUsage(argument: _ibex_usage_v1_SummariseUsageRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_usage_v1_SummariseUsageResponse__Output>): grpc.ClientUnaryCall;
  summariseUsage(argument: _ibex_usage_v1_SummariseUsageRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_usage_v1_SummariseUsageResponse__Output>): grpc.ClientUnaryCall;
  summariseUsage(argument: _ibex_usage_v1_SummariseUsageRequest, callback: grpc.requestCallback<_ibex_usage_v1_SummariseUsageResponse__Output>): grpc.ClientUnaryCall;
  
}

/**
 * The ledger of what calls of models used: written by gateways, read for reports and budgets. Callers are trusted to have
 * checked who may read what.
 */
export interface UsageServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * What subjects have used in a calendar month (UTC).
   */
  ReadUsageTotals: grpc.handleUnaryCall<_ibex_usage_v1_ReadUsageTotalsRequest__Output, _ibex_usage_v1_ReadUsageTotalsResponse>;
  
  /**
   * Keeps records; answers when they are on disk. A record that is known by its id is not kept again, so that a caller
   * that heard no answer may send the same once more.
   */
  RecordUsage: grpc.handleUnaryCall<_ibex_usage_v1_RecordUsageRequest__Output, _ibex_usage_v1_RecordUsageResponse>;
  
  /**
   * Sums of records.
   */
  SummariseUsage: grpc.handleUnaryCall<_ibex_usage_v1_SummariseUsageRequest__Output, _ibex_usage_v1_SummariseUsageResponse>;
  
}

export interface UsageServiceDefinition extends grpc.ServiceDefinition {
  ReadUsageTotals: MethodDefinition<_ibex_usage_v1_ReadUsageTotalsRequest, _ibex_usage_v1_ReadUsageTotalsResponse, _ibex_usage_v1_ReadUsageTotalsRequest__Output, _ibex_usage_v1_ReadUsageTotalsResponse__Output>
  RecordUsage: MethodDefinition<_ibex_usage_v1_RecordUsageRequest, _ibex_usage_v1_RecordUsageResponse, _ibex_usage_v1_RecordUsageRequest__Output, _ibex_usage_v1_RecordUsageResponse__Output>
  SummariseUsage: MethodDefinition<_ibex_usage_v1_SummariseUsageRequest, _ibex_usage_v1_SummariseUsageResponse, _ibex_usage_v1_SummariseUsageRequest__Output, _ibex_usage_v1_SummariseUsageResponse__Output>
}
