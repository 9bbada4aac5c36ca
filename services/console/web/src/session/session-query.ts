import { queryOptions } from '@tanstack/react-query';
import { client, rememberCsrfToken, type Schemas, unwrap } from '../api/client.ts';
import { ApiProblem } from '../api/problem.ts';

export type Session = Schemas['Session'];

async function fetchSession(): Promise<Session | null> {
  try {
    return remembered(await unwrap(client.GET('/api/session')));
  } catch (error) {
    if (error instanceof ApiProblem && error.status === 401) return null;
    throw error;
  }
}

function remembered(session: Session): Session {
  rememberCsrfToken(session.csrfToken);
  return session;
}

/** Who is signed in; null when nobody is. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: fetchSession,
  staleTime: Number.POSITIVE_INFINITY,
  gcTime: Number.POSITIVE_INFINITY,
});

/** Exchanges a token for a session cookie. */
export async function signIn(token: string): Promise<Session> {
  return remembered(await unwrap(client.POST('/api/session', { body: { token } })));
}

/** Ends the session on the server; a session that is already gone counts as signed out. */
export async function signOut(): Promise<void> {
  const { response } = await client.DELETE('/api/session');
  if (!response.ok && response.status !== 401)
    throw new ApiProblem('Signing out did not work; try again.', {
      status: response.status,
      code: 'sign_out_failed',
    });
}
