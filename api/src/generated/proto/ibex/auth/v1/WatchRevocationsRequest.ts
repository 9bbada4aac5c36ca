// Original file: proto/ibex/auth/v1/auth.proto


export interface WatchRevocationsRequest {
  /**
   * Of the last batch the caller took in; empty when there was none.
   */
  'cursor'?: (string);
}

export interface WatchRevocationsRequest__Output {
  /**
   * Of the last batch the caller took in; empty when there was none.
   */
  'cursor': (string);
}
