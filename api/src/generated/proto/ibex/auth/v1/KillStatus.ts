// Original file: proto/ibex/auth/v1/auth.proto

export const KillStatus = {
  KILL_STATUS_UNSPECIFIED: 'KILL_STATUS_UNSPECIFIED',
  /**
   * There is an entry in the log of each of the organisations.
   */
  KILL_STATUS_RECORDED: 'KILL_STATUS_RECORDED',
  /**
   * The token is not of an admin of these organisations, nor of one of the organisation that runs the installation.
   */
  KILL_STATUS_NOT_ALLOWED: 'KILL_STATUS_NOT_ALLOWED',
} as const;

export type KillStatus =
  | 'KILL_STATUS_UNSPECIFIED'
  | 0
  /**
   * There is an entry in the log of each of the organisations.
   */
  | 'KILL_STATUS_RECORDED'
  | 1
  /**
   * The token is not of an admin of these organisations, nor of one of the organisation that runs the installation.
   */
  | 'KILL_STATUS_NOT_ALLOWED'
  | 2

export type KillStatus__Output = typeof KillStatus[keyof typeof KillStatus]
