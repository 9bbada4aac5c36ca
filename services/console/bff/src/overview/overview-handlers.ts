import type { Handlers } from '../openapi/handlers.ts';
import type { SessionKeeper } from '../session/session-keeper.ts';
import type { OverviewReader } from './overview.ts';

const defaultRangeMinutes = 60;

/** The operations panel's one call. */
export function createOverviewHandlers(options: {
  overview: OverviewReader;
  keeper: SessionKeeper;
}): Pick<Handlers, 'getOpsOverview'> {
  const { overview, keeper } = options;
  return {
    async getOpsOverview({ query, session, request }) {
      const rangeMinutes = query.rangeMinutes ?? defaultRangeMinutes;
      const authNotice =
        session?.authUnreachable === true
          ? `Sessions live on their last verdict, this one until ${new Date(keeper.graceEndsAtUnixMs(session)).toISOString()}.`
          : undefined;
      return await overview.read({ rangeMinutes, authNotice, signal: request.signal });
    },
  };
}
