// Original file: proto/ibex/auth/v1/auth.proto


export interface ValidateTokenRequest {
  /**
   * The whole bearer token as the caller sent it. Never logged, never an attribute.
   */
  'token'?: (string);
  /**
   * Address of who sent the token, to slow down who guesses. Empty when it is not known.
   */
  'clientAddress'?: (string);
}

export interface ValidateTokenRequest__Output {
  /**
   * The whole bearer token as the caller sent it. Never logged, never an attribute.
   */
  'token': (string);
  /**
   * Address of who sent the token, to slow down who guesses. Empty when it is not known.
   */
  'clientAddress': (string);
}
