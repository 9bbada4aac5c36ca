import { queryOptions } from '@tanstack/react-query';
import { client, unwrap } from '../api/client.ts';

/** The services seen in any signal. */
export const servicesQuery = queryOptions({
  queryKey: ['services'],
  queryFn: ({ signal }) => unwrap(client.GET('/api/telemetry/services', { signal })),
  staleTime: 30_000,
});
