// Original file: proto/ibex/auth/v1/auth.proto

import type { AgentStatus as _ibex_auth_v1_AgentStatus, AgentStatus__Output as _ibex_auth_v1_AgentStatus__Output } from '../../../ibex/auth/v1/AgentStatus.ts';

export interface ValidateAgentResponse {
  'status'?: (_ibex_auth_v1_AgentStatus);
  'name'?: (string);
  'cacheTtlMs'?: (number);
}

export interface ValidateAgentResponse__Output {
  'status': (_ibex_auth_v1_AgentStatus__Output);
  'name': (string);
  'cacheTtlMs': (number);
}
