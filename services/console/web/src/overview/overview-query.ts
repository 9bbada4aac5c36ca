import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client, type Schemas, unwrap } from '../api/client.ts';
import type { TimeWindow } from '../time/time-range.ts';

export type OpsOverview = Schemas['OpsOverview'];
export type Health = Schemas['Health'];
export type ServiceHealth = Schemas['ServiceHealth'];
export type Incident = OpsOverview['incidents'][number];

/** The overview reaches back at most a day and always ends now. */
function overviewMinutes(window: TimeWindow): number {
  return Math.min(1440, Math.max(5, Math.round((window.endMs - window.startMs) / 60_000)));
}

/** How often to look again while there is no traffic: metrics trail a first request by up to one scrape. */
const waitingForTrafficMs = 2_000;

/** The state of the platform; the window only says how far back, and when to read afresh. */
export function overviewQuery(window: TimeWindow) {
  const rangeMinutes = overviewMinutes(window);
  return queryOptions({
    queryKey: ['overview', rangeMinutes, window.endMs],
    queryFn: ({ signal }) =>
      unwrap(client.GET('/admin/ops/overview', { params: { query: { rangeMinutes } }, signal })),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.data?.totals.requests === 0 ? waitingForTrafficMs : false),
  });
}
