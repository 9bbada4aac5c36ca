import { QueryCache, QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './problem.ts';

const retryableStatuses = new Set([0, 429, 502, 503, 504]);
const retryLimit = 2;

/** Decides whether a failed read is worth another try: only when waiting may help. */
function shouldRetry(failureCount: number, error: Error): boolean {
  return failureCount < retryLimit && error instanceof ApiProblem && retryableStatuses.has(error.status);
}

/** One cache for the page. An answer 401 to any read ends the session everywhere at once. */
export function createQueryClient(): QueryClient {
  const queryClient: QueryClient = new QueryClient({
    queryCache: new QueryCache({
      onError(error, query) {
        const signedOut = error instanceof ApiProblem && error.status === 401;
        if (signedOut && query.queryKey[0] !== 'session') queryClient.setQueryData(['session'], null);
      },
    }),
    defaultOptions: {
      queries: {
        retry: shouldRetry,
        retryDelay: (attempt) => 400 * 2 ** attempt,
        staleTime: 15_000,
        // Live views make a new key every few seconds; old answers must not pile up.
        gcTime: 60_000,
        refetchOnWindowFocus: false,
      },
    },
  });
  return queryClient;
}
