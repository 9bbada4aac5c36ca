export const signInReasons = [
  'link_used',
  'link_failed',
  'expired',
  'session_expired',
  'signed_out',
  'too_many_attempts',
  'auth_unavailable',
] as const;

export type SignInReason = (typeof signInReasons)[number];

/** What the login page says about how the visitor came to see it. */
export const signInReasonTexts: Record<SignInReason, { title: string; text: string }> = {
  link_used: {
    title: 'This sign-in link has been used',
    text: 'Each link works once. Sign in with a token, or restart with npm start to get a new link.',
  },
  expired: {
    title: 'This sign-in link has expired',
    text: 'Links live for a short time. Sign in with a token, or restart with npm start to get a new link.',
  },
  session_expired: {
    title: 'Your session has ended',
    text: 'Sign in again and you will be back where you were.',
  },
  link_failed: {
    title: 'This sign-in link does not work',
    text: 'Its token was revoked or replaced. Sign in with a token, or restart with npm start to get a new link.',
  },
  too_many_attempts: {
    title: 'Too many attempts to sign in',
    text: 'Wait a minute, then try again.',
  },
  auth_unavailable: {
    title: 'The auth service does not answer',
    text: 'Nobody can sign in without it. Look at its output in the terminal that runs npm start, then try again.',
  },
  signed_out: { title: 'You are signed out', text: 'Close this tab, or sign in again.' },
};
