// Original file: proto/ibex/auth/v1/auth.proto

import type { TokenStatus as _ibex_auth_v1_TokenStatus, TokenStatus__Output as _ibex_auth_v1_TokenStatus__Output } from '../../../ibex/auth/v1/TokenStatus.ts';
import type { Limits as _ibex_auth_v1_Limits, Limits__Output as _ibex_auth_v1_Limits__Output } from '../../../ibex/auth/v1/Limits.ts';
import type { Scopes as _ibex_auth_v1_Scopes, Scopes__Output as _ibex_auth_v1_Scopes__Output } from '../../../ibex/auth/v1/Scopes.ts';
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
   * organisation_limits.requests_per_minute, for callers that do not read organisation_limits.
   */
  'requestsPerMinute'?: (number);
  'organisationLimits'?: (_ibex_auth_v1_Limits | null);
  /**
   * The token's own, within those of its organisation.
   */
  'tokenLimits'?: (_ibex_auth_v1_Limits | null);
  /**
   * The token's own.
   */
  'scopes'?: (_ibex_auth_v1_Scopes | null);
  /**
   * The organisation allows its prompts and answers to be recorded.
   */
  'captureContent'?: (boolean);
  /**
   * The agent the token is bound to: it acts as this agent and as no other. Empty for a token without one.
   */
  'agentId'?: (string);
  /**
   * Of the agent the token is bound to.
   */
  'agentLimits'?: (_ibex_auth_v1_Limits | null);
  'agentScopes'?: (_ibex_auth_v1_Scopes | null);
  /**
   * How long the caller may cache this verdict while it is told of revocations, in milliseconds.
   */
  'watchedCacheTtlMs'?: (number);
  /**
   * The organisation runs this installation: its admins may see and end what is of others.
   */
  'operates'?: (boolean);
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
   * organisation_limits.requests_per_minute, for callers that do not read organisation_limits.
   */
  'requestsPerMinute': (number);
  'organisationLimits': (_ibex_auth_v1_Limits__Output | null);
  /**
   * The token's own, within those of its organisation.
   */
  'tokenLimits': (_ibex_auth_v1_Limits__Output | null);
  /**
   * The token's own.
   */
  'scopes': (_ibex_auth_v1_Scopes__Output | null);
  /**
   * The organisation allows its prompts and answers to be recorded.
   */
  'captureContent': (boolean);
  /**
   * The agent the token is bound to: it acts as this agent and as no other. Empty for a token without one.
   */
  'agentId': (string);
  /**
   * Of the agent the token is bound to.
   */
  'agentLimits': (_ibex_auth_v1_Limits__Output | null);
  'agentScopes': (_ibex_auth_v1_Scopes__Output | null);
  /**
   * How long the caller may cache this verdict while it is told of revocations, in milliseconds.
   */
  'watchedCacheTtlMs': (number);
  /**
   * The organisation runs this installation: its admins may see and end what is of others.
   */
  'operates': (boolean);
}
