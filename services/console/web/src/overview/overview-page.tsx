import { useQuery } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { PageFrame } from '../shell/page-frame.tsx';
import { useTime } from '../time/time-context.ts';
import { ProblemMessage } from '../ui/problem-message.tsx';
import { StaleNotice } from '../ui/stale-notice.tsx';
import { useLastGood } from '../ui/use-last-good.ts';
import { FirstRequest } from './first-request.tsx';
import { HealthBanner } from './health-banner.tsx';
import { IncidentList } from './incident-list.tsx';
import styles from './overview-page.module.css';
import { type OpsOverview, overviewQuery } from './overview-query.ts';
import { OverviewSkeleton } from './overview-skeleton.tsx';
import { ServiceCard } from './service-card.tsx';
import { TelemetryNotice } from './telemetry-notice.tsx';
import { TrafficCharts } from './traffic-charts.tsx';

/** The operations panel: is everything well, how much passes, and what went wrong. */
export function OverviewPage(): ReactElement {
  const { window, live } = useTime();
  const overview = useQuery(overviewQuery(window));
  const { data, failure } = useLastGood(overview, live);
  return (
    <PageFrame title="Overview" time="relative">
      <StaleNotice failure={failure} />
      <div className={styles.page}>
        {overview.isPending && <OverviewSkeleton />}
        {overview.isError && data === undefined && (
          <ProblemMessage
            error={overview.error}
            title="The overview could not be read"
            retry={() => void overview.refetch()}
          />
        )}
        {data !== undefined && <Overview overview={data} />}
      </div>
    </PageFrame>
  );
}

function Overview({ overview }: { overview: OpsOverview }): ReactElement {
  const { telemetry, totals } = overview;
  const quiet = telemetry.reachable && totals.requests === 0;
  return (
    <>
      <HealthBanner overview={overview} />
      {!telemetry.reachable && <TelemetryNotice telemetry={telemetry} />}
      {quiet && <FirstRequest rangeMinutes={overview.rangeMinutes} />}
      {telemetry.reachable && !quiet && <TrafficCharts overview={overview} />}
      <div className={styles.columns}>
        <section aria-labelledby="services-heading">
          <h2 id="services-heading" className={styles.heading}>
            Services
          </h2>
          <ul className={styles.cards}>
            {overview.services.map((service) => (
              <li key={service.name}>
                <ServiceCard service={service} />
              </li>
            ))}
          </ul>
        </section>
        <section aria-labelledby="incidents-heading">
          <h2 id="incidents-heading" className={styles.heading}>
            Recent incidents
          </h2>
          <IncidentList incidents={overview.incidents} known={telemetry.reachable} />
        </section>
      </div>
    </>
  );
}
