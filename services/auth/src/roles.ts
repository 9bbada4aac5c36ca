export const roles = ['admin', 'ops', 'member'] as const;

/** What a user or an organisation's token may do: admins manage, ops look, members send requests. */
export type Role = (typeof roles)[number];
