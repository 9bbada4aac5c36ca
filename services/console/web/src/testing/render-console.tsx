import { createMemoryHistory } from '@tanstack/react-router';
import { render } from '@testing-library/react';
import { vi } from 'vitest';
import { createQueryClient } from '../api/query-client.ts';
import { App } from '../app.tsx';
import { createAppRouter } from '../router.tsx';

/** An answer of the back end: a body with status 200, or a status of its own. */
export type Answer = { status?: number; body: unknown };

/** Answers by `METHOD /path`; a function sees the request. */
export type Answers = Record<string, Answer | ((request: Request) => Answer | Promise<Answer>)>;

export const admin = {
  userId: 'usr_1',
  orgId: 'org_1',
  role: 'admin',
  csrfToken: 'csrf-1',
  expiresAtUnixMs: 4_102_444_800_000,
} as const;

/** The answer of a back end that refuses or fails. */
export function problem(status: number, message: string): Answer {
  return { status, body: { error: { code: 'test', message, requestId: 'req-42' } } };
}

/** Shows the console at an address, before a back end that gives these answers and 404 to everything else. */
export function renderConsole(address: string, answers: Answers): { href: () => string } {
  vi.stubGlobal('fetch', async (request: Request) => {
    const key = `${request.method} ${new URL(request.url).pathname}`;
    const answer = answers[key] ?? problem(404, `The test has no answer for ${key}.`);
    const { status = 200, body } = typeof answer === 'function' ? await answer(request) : answer;
    return new Response(status === 204 ? null : JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json' },
    });
  });
  const queryClient = createQueryClient();
  queryClient.setDefaultOptions({ queries: { ...queryClient.getDefaultOptions().queries, retry: false } });
  const router = createAppRouter(createMemoryHistory({ initialEntries: [address] }));
  render(<App queryClient={queryClient} router={router} />);
  return { href: () => router.state.location.href };
}
