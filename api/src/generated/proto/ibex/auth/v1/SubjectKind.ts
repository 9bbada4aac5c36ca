// Original file: proto/ibex/auth/v1/auth.proto

export const SubjectKind = {
  SUBJECT_KIND_UNSPECIFIED: 'SUBJECT_KIND_UNSPECIFIED',
  SUBJECT_KIND_TOKEN: 'SUBJECT_KIND_TOKEN',
  SUBJECT_KIND_AGENT: 'SUBJECT_KIND_AGENT',
  SUBJECT_KIND_USER: 'SUBJECT_KIND_USER',
  SUBJECT_KIND_ORGANISATION: 'SUBJECT_KIND_ORGANISATION',
} as const;

export type SubjectKind =
  | 'SUBJECT_KIND_UNSPECIFIED'
  | 0
  | 'SUBJECT_KIND_TOKEN'
  | 1
  | 'SUBJECT_KIND_AGENT'
  | 2
  | 'SUBJECT_KIND_USER'
  | 3
  | 'SUBJECT_KIND_ORGANISATION'
  | 4

export type SubjectKind__Output = typeof SubjectKind[keyof typeof SubjectKind]
