// Original file: proto/ibex/usage/v1/usage.proto


export interface UsageSubject {
  /**
   * "organisation", "agent" or "token".
   */
  'kind'?: (string);
  'id'?: (string);
}

export interface UsageSubject__Output {
  /**
   * "organisation", "agent" or "token".
   */
  'kind': (string);
  'id': (string);
}
