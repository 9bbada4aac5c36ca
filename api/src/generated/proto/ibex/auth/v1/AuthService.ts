// Original file: proto/ibex/auth/v1/auth.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { RecordKillRequest as _ibex_auth_v1_RecordKillRequest, RecordKillRequest__Output as _ibex_auth_v1_RecordKillRequest__Output } from '../../../ibex/auth/v1/RecordKillRequest.ts';
import type { RecordKillResponse as _ibex_auth_v1_RecordKillResponse, RecordKillResponse__Output as _ibex_auth_v1_RecordKillResponse__Output } from '../../../ibex/auth/v1/RecordKillResponse.ts';
import type { RevocationBatch as _ibex_auth_v1_RevocationBatch, RevocationBatch__Output as _ibex_auth_v1_RevocationBatch__Output } from '../../../ibex/auth/v1/RevocationBatch.ts';
import type { ValidateAgentRequest as _ibex_auth_v1_ValidateAgentRequest, ValidateAgentRequest__Output as _ibex_auth_v1_ValidateAgentRequest__Output } from '../../../ibex/auth/v1/ValidateAgentRequest.ts';
import type { ValidateAgentResponse as _ibex_auth_v1_ValidateAgentResponse, ValidateAgentResponse__Output as _ibex_auth_v1_ValidateAgentResponse__Output } from '../../../ibex/auth/v1/ValidateAgentResponse.ts';
import type { ValidateTokenRequest as _ibex_auth_v1_ValidateTokenRequest, ValidateTokenRequest__Output as _ibex_auth_v1_ValidateTokenRequest__Output } from '../../../ibex/auth/v1/ValidateTokenRequest.ts';
import type { ValidateTokenResponse as _ibex_auth_v1_ValidateTokenResponse, ValidateTokenResponse__Output as _ibex_auth_v1_ValidateTokenResponse__Output } from '../../../ibex/auth/v1/ValidateTokenResponse.ts';
import type { WatchRevocationsRequest as _ibex_auth_v1_WatchRevocationsRequest, WatchRevocationsRequest__Output as _ibex_auth_v1_WatchRevocationsRequest__Output } from '../../../ibex/auth/v1/WatchRevocationsRequest.ts';

/**
 * Answers whether a caller may act, for whom, and for how long that answer may be trusted.
 * A negative verdict is a normal response with a status; gRPC errors mean that no verdict could be reached.
 * Who sent too many wrong tokens is answered RESOURCE_EXHAUSTED, with the seconds to wait in the metadata `retry-after`.
 */
export interface AuthServiceClient extends grpc.Client {
  /**
   * The same, asked for: for callers between which and auth no stream holds.
   */
  ListRevocations(argument: _ibex_auth_v1_WatchRevocationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_RevocationBatch__Output>): grpc.ClientUnaryCall;
  ListRevocations(argument: _ibex_auth_v1_WatchRevocationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_auth_v1_RevocationBatch__Output>): grpc.ClientUnaryCall;
  ListRevocations(argument: _ibex_auth_v1_WatchRevocationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_RevocationBatch__Output>): grpc.ClientUnaryCall;
  ListRevocations(argument: _ibex_auth_v1_WatchRevocationsRequest, callback: grpc.requestCallback<_ibex_auth_v1_RevocationBatch__Output>): grpc.ClientUnaryCall;
  /**
   * The same, asked for: for callers between which and auth no stream holds.
   */
  listRevocations(argument: _ibex_auth_v1_WatchRevocationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_RevocationBatch__Output>): grpc.ClientUnaryCall;
  listRevocations(argument: _ibex_auth_v1_WatchRevocationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_auth_v1_RevocationBatch__Output>): grpc.ClientUnaryCall;
  listRevocations(argument: _ibex_auth_v1_WatchRevocationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_RevocationBatch__Output>): grpc.ClientUnaryCall;
  listRevocations(argument: _ibex_auth_v1_WatchRevocationsRequest, callback: grpc.requestCallback<_ibex_auth_v1_RevocationBatch__Output>): grpc.ClientUnaryCall;
  
  /**
   * Writes into the audit log that the calls of a request are about to be ended, in the name of who has the token. Without
   * KILL_STATUS_RECORDED they must not be ended. Where there was nothing left to end by then, that is written down as well,
   * with already_over. INVALID_ARGUMENT says what is wrong with the request.
   */
  RecordKill(argument: _ibex_auth_v1_RecordKillRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_RecordKillResponse__Output>): grpc.ClientUnaryCall;
  RecordKill(argument: _ibex_auth_v1_RecordKillRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_auth_v1_RecordKillResponse__Output>): grpc.ClientUnaryCall;
  RecordKill(argument: _ibex_auth_v1_RecordKillRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_RecordKillResponse__Output>): grpc.ClientUnaryCall;
  RecordKill(argument: _ibex_auth_v1_RecordKillRequest, callback: grpc.requestCallback<_ibex_auth_v1_RecordKillResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Writes into the audit log that the calls of a request are about to be ended, in the name of who has the token. Without
   * KILL_STATUS_RECORDED they must not be ended. Where there was nothing left to end by then, that is written down as well,
   * with already_over. INVALID_ARGUMENT says what is wrong with the request.
   */
  recordKill(argument: _ibex_auth_v1_RecordKillRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_RecordKillResponse__Output>): grpc.ClientUnaryCall;
  recordKill(argument: _ibex_auth_v1_RecordKillRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_auth_v1_RecordKillResponse__Output>): grpc.ClientUnaryCall;
  recordKill(argument: _ibex_auth_v1_RecordKillRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_RecordKillResponse__Output>): grpc.ClientUnaryCall;
  recordKill(argument: _ibex_auth_v1_RecordKillRequest, callback: grpc.requestCallback<_ibex_auth_v1_RecordKillResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tells whether an agent exists, is enabled, and belongs to the organisation.
   */
  ValidateAgent(argument: _ibex_auth_v1_ValidateAgentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_ValidateAgentResponse__Output>): grpc.ClientUnaryCall;
  ValidateAgent(argument: _ibex_auth_v1_ValidateAgentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_auth_v1_ValidateAgentResponse__Output>): grpc.ClientUnaryCall;
  ValidateAgent(argument: _ibex_auth_v1_ValidateAgentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_ValidateAgentResponse__Output>): grpc.ClientUnaryCall;
  ValidateAgent(argument: _ibex_auth_v1_ValidateAgentRequest, callback: grpc.requestCallback<_ibex_auth_v1_ValidateAgentResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Tells whether an agent exists, is enabled, and belongs to the organisation.
   */
  validateAgent(argument: _ibex_auth_v1_ValidateAgentRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_ValidateAgentResponse__Output>): grpc.ClientUnaryCall;
  validateAgent(argument: _ibex_auth_v1_ValidateAgentRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_auth_v1_ValidateAgentResponse__Output>): grpc.ClientUnaryCall;
  validateAgent(argument: _ibex_auth_v1_ValidateAgentRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_ValidateAgentResponse__Output>): grpc.ClientUnaryCall;
  validateAgent(argument: _ibex_auth_v1_ValidateAgentRequest, callback: grpc.requestCallback<_ibex_auth_v1_ValidateAgentResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Resolves a bearer token to its organisation, user and role.
   */
  ValidateToken(argument: _ibex_auth_v1_ValidateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  ValidateToken(argument: _ibex_auth_v1_ValidateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_auth_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  ValidateToken(argument: _ibex_auth_v1_ValidateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  ValidateToken(argument: _ibex_auth_v1_ValidateTokenRequest, callback: grpc.requestCallback<_ibex_auth_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  /**
   * Resolves a bearer token to its organisation, user and role.
   */
  validateToken(argument: _ibex_auth_v1_ValidateTokenRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  validateToken(argument: _ibex_auth_v1_ValidateTokenRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_ibex_auth_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  validateToken(argument: _ibex_auth_v1_ValidateTokenRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_ibex_auth_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  validateToken(argument: _ibex_auth_v1_ValidateTokenRequest, callback: grpc.requestCallback<_ibex_auth_v1_ValidateTokenResponse__Output>): grpc.ClientUnaryCall;
  
  /**
   * Tells, for as long as the caller listens, which verdicts hold no longer. A batch comes at least every 250 ms, also
   * when nothing happened: a caller that hears nothing for longer must not count on being told.
   */
  WatchRevocations(argument: _ibex_auth_v1_WatchRevocationsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_ibex_auth_v1_RevocationBatch__Output>;
  WatchRevocations(argument: _ibex_auth_v1_WatchRevocationsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_ibex_auth_v1_RevocationBatch__Output>;
  /**
   * Tells, for as long as the caller listens, which verdicts hold no longer. A batch comes at least every 250 ms, also
   * when nothing happened: a caller that hears nothing for longer must not count on being told.
   */
  watchRevocations(argument: _ibex_auth_v1_WatchRevocationsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_ibex_auth_v1_RevocationBatch__Output>;
  watchRevocations(argument: _ibex_auth_v1_WatchRevocationsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_ibex_auth_v1_RevocationBatch__Output>;
  
}

/**
 * Answers whether a caller may act, for whom, and for how long that answer may be trusted.
 * A negative verdict is a normal response with a status; gRPC errors mean that no verdict could be reached.
 * Who sent too many wrong tokens is answered RESOURCE_EXHAUSTED, with the seconds to wait in the metadata `retry-after`.
 */
export interface AuthServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * The same, asked for: for callers between which and auth no stream holds.
   */
  ListRevocations: grpc.handleUnaryCall<_ibex_auth_v1_WatchRevocationsRequest__Output, _ibex_auth_v1_RevocationBatch>;
  
  /**
   * Writes into the audit log that the calls of a request are about to be ended, in the name of who has the token. Without
   * KILL_STATUS_RECORDED they must not be ended. Where there was nothing left to end by then, that is written down as well,
   * with already_over. INVALID_ARGUMENT says what is wrong with the request.
   */
  RecordKill: grpc.handleUnaryCall<_ibex_auth_v1_RecordKillRequest__Output, _ibex_auth_v1_RecordKillResponse>;
  
  /**
   * Tells whether an agent exists, is enabled, and belongs to the organisation.
   */
  ValidateAgent: grpc.handleUnaryCall<_ibex_auth_v1_ValidateAgentRequest__Output, _ibex_auth_v1_ValidateAgentResponse>;
  
  /**
   * Resolves a bearer token to its organisation, user and role.
   */
  ValidateToken: grpc.handleUnaryCall<_ibex_auth_v1_ValidateTokenRequest__Output, _ibex_auth_v1_ValidateTokenResponse>;
  
  /**
   * Tells, for as long as the caller listens, which verdicts hold no longer. A batch comes at least every 250 ms, also
   * when nothing happened: a caller that hears nothing for longer must not count on being told.
   */
  WatchRevocations: grpc.handleServerStreamingCall<_ibex_auth_v1_WatchRevocationsRequest__Output, _ibex_auth_v1_RevocationBatch>;
  
}

export interface AuthServiceDefinition extends grpc.ServiceDefinition {
  ListRevocations: MethodDefinition<_ibex_auth_v1_WatchRevocationsRequest, _ibex_auth_v1_RevocationBatch, _ibex_auth_v1_WatchRevocationsRequest__Output, _ibex_auth_v1_RevocationBatch__Output>
  RecordKill: MethodDefinition<_ibex_auth_v1_RecordKillRequest, _ibex_auth_v1_RecordKillResponse, _ibex_auth_v1_RecordKillRequest__Output, _ibex_auth_v1_RecordKillResponse__Output>
  ValidateAgent: MethodDefinition<_ibex_auth_v1_ValidateAgentRequest, _ibex_auth_v1_ValidateAgentResponse, _ibex_auth_v1_ValidateAgentRequest__Output, _ibex_auth_v1_ValidateAgentResponse__Output>
  ValidateToken: MethodDefinition<_ibex_auth_v1_ValidateTokenRequest, _ibex_auth_v1_ValidateTokenResponse, _ibex_auth_v1_ValidateTokenRequest__Output, _ibex_auth_v1_ValidateTokenResponse__Output>
  WatchRevocations: MethodDefinition<_ibex_auth_v1_WatchRevocationsRequest, _ibex_auth_v1_RevocationBatch, _ibex_auth_v1_WatchRevocationsRequest__Output, _ibex_auth_v1_RevocationBatch__Output>
}
