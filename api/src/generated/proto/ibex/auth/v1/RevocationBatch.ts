// Original file: proto/ibex/auth/v1/auth.proto

import type { Revocation as _ibex_auth_v1_Revocation, Revocation__Output as _ibex_auth_v1_Revocation__Output } from '../../../ibex/auth/v1/Revocation.ts';

export interface RevocationBatch {
  'cursor'?: (string);
  /**
   * What happened since the caller's cursor is not known: it must forget every verdict.
   */
  'reset'?: (boolean);
  'revocations'?: (_ibex_auth_v1_Revocation)[];
}

export interface RevocationBatch__Output {
  'cursor': (string);
  /**
   * What happened since the caller's cursor is not known: it must forget every verdict.
   */
  'reset': (boolean);
  'revocations': (_ibex_auth_v1_Revocation__Output)[];
}
