// Original file: proto/ibex/auth/v1/auth.proto

import type { KillStatus as _ibex_auth_v1_KillStatus, KillStatus__Output as _ibex_auth_v1_KillStatus__Output } from '../../../ibex/auth/v1/KillStatus.ts';

export interface RecordKillResponse {
  'status'?: (_ibex_auth_v1_KillStatus);
}

export interface RecordKillResponse__Output {
  'status': (_ibex_auth_v1_KillStatus__Output);
}
