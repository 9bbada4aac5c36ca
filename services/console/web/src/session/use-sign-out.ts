import { type UseMutationResult, useMutation } from '@tanstack/react-query';
import { signOut } from './session-query.ts';

/** Ends the session and loads the login page afresh, so that nothing that was read stays in memory. */
export function useSignOut(): UseMutationResult<void, Error, void> {
  return useMutation({
    mutationFn: signOut,
    onSuccess: () => window.location.assign('/login?reason=signed_out'),
  });
}
