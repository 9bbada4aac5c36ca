// Original file: proto/ibex/auth/v1/auth.proto


export interface ValidateAgentRequest {
  'agentId'?: (string);
  'orgId'?: (string);
}

export interface ValidateAgentRequest__Output {
  'agentId': (string);
  'orgId': (string);
}
