import type { ReactElement } from 'react';
import { formatTime } from '../time/format-time.ts';
import { useTimeZone } from '../time/time-zone.ts';
import styles from './health-banner.module.css';
import { HealthDot } from './health-dot.tsx';
import { healthSentence } from './health-words.ts';
import type { OpsOverview } from './overview-query.ts';

/** The one line that answers whether everything is well. */
export function HealthBanner({ overview }: { overview: OpsOverview }): ReactElement {
  const zone = useTimeZone();
  const { health, telemetry, services } = overview;
  const healthy = services.filter((service) => service.state === 'healthy').length;
  return (
    <div className={styles.banner} data-state={health} data-testid="overview-health">
      <HealthDot state={health} />
      <strong className={styles.sentence}>{healthSentence(overview)}</strong>
      {healthy < services.length && (
        <span className={styles.aside}>
          {healthy} of {services.length} services healthy
        </span>
      )}
      <span className={styles.aside} title={telemetry.detail}>
        Telemetry from {telemetry.backend === 'embedded' ? 'the embedded collector' : 'Grafana'}
      </span>
      <span className={`${styles.aside} numeric`}>
        As of {formatTime(overview.generatedAtUnixMs, 'seconds', zone)}
      </span>
    </div>
  );
}
