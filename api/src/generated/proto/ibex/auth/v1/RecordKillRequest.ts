// Original file: proto/ibex/auth/v1/auth.proto


export interface RecordKillRequest {
  /**
   * The whole bearer token of who ends it. Never logged, never an attribute.
   */
  'token'?: (string);
  /**
   * The request whose calls are to end.
   */
  'requestId'?: (string);
  /**
   * The organisations whose calls they are, at most 16: callers of different ones may have chosen the same id.
   */
  'orgIds'?: (string)[];
  /**
   * The gateway the calls are at, as in the usage ledger.
   */
  'gateway'?: (string);
  /**
   * The calls had ended by themselves when they were to be ended: an entry of its own, after that of the attempt.
   */
  'alreadyOver'?: (boolean);
}

export interface RecordKillRequest__Output {
  /**
   * The whole bearer token of who ends it. Never logged, never an attribute.
   */
  'token': (string);
  /**
   * The request whose calls are to end.
   */
  'requestId': (string);
  /**
   * The organisations whose calls they are, at most 16: callers of different ones may have chosen the same id.
   */
  'orgIds': (string)[];
  /**
   * The gateway the calls are at, as in the usage ledger.
   */
  'gateway': (string);
  /**
   * The calls had ended by themselves when they were to be ended: an entry of its own, after that of the attempt.
   */
  'alreadyOver': (boolean);
}
