// Original file: proto/ibex/auth/v1/auth.proto

export const TokenStatus = {
  TOKEN_STATUS_UNSPECIFIED: 'TOKEN_STATUS_UNSPECIFIED',
  TOKEN_STATUS_OK: 'TOKEN_STATUS_OK',
  TOKEN_STATUS_UNKNOWN: 'TOKEN_STATUS_UNKNOWN',
  TOKEN_STATUS_EXPIRED: 'TOKEN_STATUS_EXPIRED',
  TOKEN_STATUS_REVOKED: 'TOKEN_STATUS_REVOKED',
} as const;

export type TokenStatus =
  | 'TOKEN_STATUS_UNSPECIFIED'
  | 0
  | 'TOKEN_STATUS_OK'
  | 1
  | 'TOKEN_STATUS_UNKNOWN'
  | 2
  | 'TOKEN_STATUS_EXPIRED'
  | 3
  | 'TOKEN_STATUS_REVOKED'
  | 4

export type TokenStatus__Output = typeof TokenStatus[keyof typeof TokenStatus]
