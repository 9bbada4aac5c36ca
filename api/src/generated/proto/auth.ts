import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { AuthServiceClient as _ibex_auth_v1_AuthServiceClient, AuthServiceDefinition as _ibex_auth_v1_AuthServiceDefinition } from './ibex/auth/v1/AuthService.ts';
import type { Limits as _ibex_auth_v1_Limits, Limits__Output as _ibex_auth_v1_Limits__Output } from './ibex/auth/v1/Limits.ts';
import type { RecordKillRequest as _ibex_auth_v1_RecordKillRequest, RecordKillRequest__Output as _ibex_auth_v1_RecordKillRequest__Output } from './ibex/auth/v1/RecordKillRequest.ts';
import type { RecordKillResponse as _ibex_auth_v1_RecordKillResponse, RecordKillResponse__Output as _ibex_auth_v1_RecordKillResponse__Output } from './ibex/auth/v1/RecordKillResponse.ts';
import type { Revocation as _ibex_auth_v1_Revocation, Revocation__Output as _ibex_auth_v1_Revocation__Output } from './ibex/auth/v1/Revocation.ts';
import type { RevocationBatch as _ibex_auth_v1_RevocationBatch, RevocationBatch__Output as _ibex_auth_v1_RevocationBatch__Output } from './ibex/auth/v1/RevocationBatch.ts';
import type { Scopes as _ibex_auth_v1_Scopes, Scopes__Output as _ibex_auth_v1_Scopes__Output } from './ibex/auth/v1/Scopes.ts';
import type { ValidateAgentRequest as _ibex_auth_v1_ValidateAgentRequest, ValidateAgentRequest__Output as _ibex_auth_v1_ValidateAgentRequest__Output } from './ibex/auth/v1/ValidateAgentRequest.ts';
import type { ValidateAgentResponse as _ibex_auth_v1_ValidateAgentResponse, ValidateAgentResponse__Output as _ibex_auth_v1_ValidateAgentResponse__Output } from './ibex/auth/v1/ValidateAgentResponse.ts';
import type { ValidateTokenRequest as _ibex_auth_v1_ValidateTokenRequest, ValidateTokenRequest__Output as _ibex_auth_v1_ValidateTokenRequest__Output } from './ibex/auth/v1/ValidateTokenRequest.ts';
import type { ValidateTokenResponse as _ibex_auth_v1_ValidateTokenResponse, ValidateTokenResponse__Output as _ibex_auth_v1_ValidateTokenResponse__Output } from './ibex/auth/v1/ValidateTokenResponse.ts';
import type { WatchRevocationsRequest as _ibex_auth_v1_WatchRevocationsRequest, WatchRevocationsRequest__Output as _ibex_auth_v1_WatchRevocationsRequest__Output } from './ibex/auth/v1/WatchRevocationsRequest.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  ibex: {
    auth: {
      v1: {
        AgentStatus: EnumTypeDefinition
        /**
         * Answers whether a caller may act, for whom, and for how long that answer may be trusted.
         * A negative verdict is a normal response with a status; gRPC errors mean that no verdict could be reached.
         * Who sent too many wrong tokens is answered RESOURCE_EXHAUSTED, with the seconds to wait in the metadata `retry-after`.
         */
        AuthService: SubtypeConstructor<typeof grpc.Client, _ibex_auth_v1_AuthServiceClient> & { service: _ibex_auth_v1_AuthServiceDefinition }
        KillStatus: EnumTypeDefinition
        Limits: MessageTypeDefinition<_ibex_auth_v1_Limits, _ibex_auth_v1_Limits__Output>
        RecordKillRequest: MessageTypeDefinition<_ibex_auth_v1_RecordKillRequest, _ibex_auth_v1_RecordKillRequest__Output>
        RecordKillResponse: MessageTypeDefinition<_ibex_auth_v1_RecordKillResponse, _ibex_auth_v1_RecordKillResponse__Output>
        Revocation: MessageTypeDefinition<_ibex_auth_v1_Revocation, _ibex_auth_v1_Revocation__Output>
        RevocationBatch: MessageTypeDefinition<_ibex_auth_v1_RevocationBatch, _ibex_auth_v1_RevocationBatch__Output>
        Scopes: MessageTypeDefinition<_ibex_auth_v1_Scopes, _ibex_auth_v1_Scopes__Output>
        SubjectKind: EnumTypeDefinition
        TokenStatus: EnumTypeDefinition
        ValidateAgentRequest: MessageTypeDefinition<_ibex_auth_v1_ValidateAgentRequest, _ibex_auth_v1_ValidateAgentRequest__Output>
        ValidateAgentResponse: MessageTypeDefinition<_ibex_auth_v1_ValidateAgentResponse, _ibex_auth_v1_ValidateAgentResponse__Output>
        ValidateTokenRequest: MessageTypeDefinition<_ibex_auth_v1_ValidateTokenRequest, _ibex_auth_v1_ValidateTokenRequest__Output>
        ValidateTokenResponse: MessageTypeDefinition<_ibex_auth_v1_ValidateTokenResponse, _ibex_auth_v1_ValidateTokenResponse__Output>
        WatchRevocationsRequest: MessageTypeDefinition<_ibex_auth_v1_WatchRevocationsRequest, _ibex_auth_v1_WatchRevocationsRequest__Output>
      }
    }
  }
}

