// Original file: proto/ibex/auth/v1/auth.proto

import type { AgentStatus as _ibex_auth_v1_AgentStatus, AgentStatus__Output as _ibex_auth_v1_AgentStatus__Output } from '../../../ibex/auth/v1/AgentStatus.ts';
import type { Limits as _ibex_auth_v1_Limits, Limits__Output as _ibex_auth_v1_Limits__Output } from '../../../ibex/auth/v1/Limits.ts';
import type { Scopes as _ibex_auth_v1_Scopes, Scopes__Output as _ibex_auth_v1_Scopes__Output } from '../../../ibex/auth/v1/Scopes.ts';

export interface ValidateAgentResponse {
  'status'?: (_ibex_auth_v1_AgentStatus);
  'name'?: (string);
  'cacheTtlMs'?: (number);
  /**
   * Set only when status is OK.
   */
  'limits'?: (_ibex_auth_v1_Limits | null);
  'scopes'?: (_ibex_auth_v1_Scopes | null);
  /**
   * As in ValidateTokenResponse.
   */
  'watchedCacheTtlMs'?: (number);
}

export interface ValidateAgentResponse__Output {
  'status': (_ibex_auth_v1_AgentStatus__Output);
  'name': (string);
  'cacheTtlMs': (number);
  /**
   * Set only when status is OK.
   */
  'limits': (_ibex_auth_v1_Limits__Output | null);
  'scopes': (_ibex_auth_v1_Scopes__Output | null);
  /**
   * As in ValidateTokenResponse.
   */
  'watchedCacheTtlMs': (number);
}
