export const signInReasons = ['link_used', 'expired', 'session_expired', 'signed_out'] as const;

export type SignInReason = (typeof signInReasons)[number];

/** What the login page says about how the visitor came to see it. */
export const signInReasonTexts: Record<SignInReason, { title: string; text: string }> = {
  link_used: {
    title: 'This sign-in link has been used',
    text: 'Each link works once. Sign in with a token, or restart with `npm start` to get a new link.',
  },
  expired: {
    title: 'This sign-in link has expired',
    text: 'Links live for a short time. Sign in with a token, or restart with `npm start` to get a new link.',
  },
  session_expired: {
    title: 'Your session has ended',
    text: 'Sign in again and you will be back where you were.',
  },
  signed_out: { title: 'You are signed out', text: 'Close this tab, or sign in again.' },
};
