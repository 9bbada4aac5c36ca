// Original file: proto/ibex/usage/v1/usage.proto


export interface RecordUsageResponse {
  /**
   * How many were new.
   */
  'recorded'?: (number);
}

export interface RecordUsageResponse__Output {
  /**
   * How many were new.
   */
  'recorded': (number);
}
