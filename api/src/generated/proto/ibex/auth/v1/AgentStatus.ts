// Original file: proto/ibex/auth/v1/auth.proto

export const AgentStatus = {
  AGENT_STATUS_UNSPECIFIED: 'AGENT_STATUS_UNSPECIFIED',
  AGENT_STATUS_OK: 'AGENT_STATUS_OK',
  AGENT_STATUS_NOT_FOUND: 'AGENT_STATUS_NOT_FOUND',
} as const;

export type AgentStatus =
  | 'AGENT_STATUS_UNSPECIFIED'
  | 0
  | 'AGENT_STATUS_OK'
  | 1
  | 'AGENT_STATUS_NOT_FOUND'
  | 2

export type AgentStatus__Output = typeof AgentStatus[keyof typeof AgentStatus]
