import type { components, paths } from '@ibex/api/console';
import createClient from 'openapi-fetch';
import { problemFromNetwork, problemFromResponse } from './problem.ts';

export type Schemas = components['schemas'];

const csrf = { token: '' };

/** The one client of the back end; cookies travel by themselves because the origin is the same. */
export const client = createClient<paths>({
  baseUrl: window.location.origin,
  fetch: (request) => fetch(request),
});

client.use({
  onRequest({ request }) {
    if (request.method !== 'GET' && csrf.token !== '') request.headers.set('X-Ibex-CSRF', csrf.token);
    return request;
  },
});

/** Remembers the token that mutations must carry; it arrives with the session. */
export function rememberCsrfToken(token: string): void {
  csrf.token = token;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/**
 * The body of a successful answer.
 * @throws {ApiProblem} for every other outcome, a lost connection included.
 */
export async function unwrap<T>(call: Promise<Answer<T>>): Promise<T> {
  const answer = await call.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw problemFromNetwork();
  });
  if (!answer.response.ok || answer.data === undefined)
    throw problemFromResponse(answer.response, answer.error);
  return answer.data;
}
