// Original file: proto/ibex/auth/v1/auth.proto

import type { TokenStatus as _ibex_auth_v1_TokenStatus, TokenStatus__Output as _ibex_auth_v1_TokenStatus__Output } from '../../../ibex/auth/v1/TokenStatus.ts';
import type { Long } from '@grpc/proto-loader';

export interface ValidateTokenResponse {
  'status'?: (_ibex_auth_v1_TokenStatus);
  /**
   * Set only when status is OK.
   */
  'tokenId'?: (string);
  'orgId'?: (string);
  /**
   * Empty for a token that belongs to the organisation rather than to a person.
   */
  'userId'?: (string);
  /**
   * "admin", "ops" or "member".
   */
  'role'?: (string);
  /**
   * 0 when the token does not expire.
   */
  'expiresAtUnixMs'?: (number | string | Long);
  /**
   * How long the caller may cache this verdict, in milliseconds: the revocation budget.
   */
  'cacheTtlMs'?: (number);
  /**
   * The organisation's limit; 0 means the caller's default.
   */
  'requestsPerMinute'?: (number);
}

export interface ValidateTokenResponse__Output {
  'status': (_ibex_auth_v1_TokenStatus__Output);
  /**
   * Set only when status is OK.
   */
  'tokenId': (string);
  'orgId': (string);
  /**
   * Empty for a token that belongs to the organisation rather than to a person.
   */
  'userId': (string);
  /**
   * "admin", "ops" or "member".
   */
  'role': (string);
  /**
   * 0 when the token does not expire.
   */
  'expiresAtUnixMs': (number);
  /**
   * How long the caller may cache this verdict, in milliseconds: the revocation budget.
   */
  'cacheTtlMs': (number);
  /**
   * The organisation's limit; 0 means the caller's default.
   */
  'requestsPerMinute': (number);
}
