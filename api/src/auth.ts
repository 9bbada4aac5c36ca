import { fileURLToPath } from 'node:url';
import { loadPackageDefinition } from '@grpc/grpc-js';
import { loadSync, type PackageDefinition } from '@grpc/proto-loader';
import type { ProtoGrpcType } from './generated/proto/auth.ts';

export type {
  AuthServiceClient,
  AuthServiceDefinition,
  AuthServiceHandlers,
} from './generated/proto/ibex/auth/v1/AuthService.ts';
export type { KillStatus__Output as KillStatus } from './generated/proto/ibex/auth/v1/KillStatus.ts';
export type { Limits__Output as Limits } from './generated/proto/ibex/auth/v1/Limits.ts';
export type { RecordKillRequest__Output as RecordKillRequest } from './generated/proto/ibex/auth/v1/RecordKillRequest.ts';
export type { RecordKillResponse__Output as RecordKillResponse } from './generated/proto/ibex/auth/v1/RecordKillResponse.ts';
export type { Revocation__Output as Revocation } from './generated/proto/ibex/auth/v1/Revocation.ts';
export type { RevocationBatch__Output as RevocationBatch } from './generated/proto/ibex/auth/v1/RevocationBatch.ts';
export type { Scopes__Output as Scopes } from './generated/proto/ibex/auth/v1/Scopes.ts';
export type { ValidateAgentResponse__Output as AgentVerdict } from './generated/proto/ibex/auth/v1/ValidateAgentResponse.ts';
export type {
  ValidateTokenResponse,
  ValidateTokenResponse__Output as TokenVerdict,
} from './generated/proto/ibex/auth/v1/ValidateTokenResponse.ts';

/** The loaded definition of `ibex.auth.v1`, as gRPC reflection wants it. */
export const authPackage: PackageDefinition = loadSync('ibex/auth/v1/auth.proto', {
  includeDirs: [fileURLToPath(new URL('../proto', import.meta.url))],
  longs: Number,
  enums: String,
  defaults: true,
});

/** The service of `ibex.auth.v1`: `AuthService.service` for a server, `new AuthService(address, …)` for a client. */
export const AuthService: ProtoGrpcType['ibex']['auth']['v1']['AuthService'] = (
  loadPackageDefinition(authPackage) as unknown as ProtoGrpcType
).ibex.auth.v1.AuthService;
