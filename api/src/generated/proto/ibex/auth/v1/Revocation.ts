// Original file: proto/ibex/auth/v1/auth.proto

import type { SubjectKind as _ibex_auth_v1_SubjectKind, SubjectKind__Output as _ibex_auth_v1_SubjectKind__Output } from '../../../ibex/auth/v1/SubjectKind.ts';

/**
 * Every verdict about this subject holds no longer: it was revoked, disabled, or its rights or limits have changed.
 */
export interface Revocation {
  'kind'?: (_ibex_auth_v1_SubjectKind);
  'id'?: (string);
}

/**
 * Every verdict about this subject holds no longer: it was revoked, disabled, or its rights or limits have changed.
 */
export interface Revocation__Output {
  'kind': (_ibex_auth_v1_SubjectKind__Output);
  'id': (string);
}
