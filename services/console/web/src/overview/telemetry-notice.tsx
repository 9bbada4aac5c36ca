import type { ReactElement } from 'react';
import { Icon } from '../ui/icon.tsx';
import type { OpsOverview } from './overview-query.ts';
import styles from './telemetry-notice.module.css';

/** The console cannot read telemetry: what that means for the reader, and what to do. */
export function TelemetryNotice({ telemetry }: { telemetry: OpsOverview['telemetry'] }): ReactElement {
  const { backend, detail } = telemetry;
  const embedded = backend === 'embedded';
  return (
    <div className={styles.notice} role="alert">
      <Icon name="alert" size={18} />
      <div>
        <h2 className={styles.title}>
          {embedded ? 'The collector' : 'The telemetry back end'} cannot be reached, so there are no charts
        </h2>
        <p>
          Requests are served as before: services never wait for telemetry. Until it is back, new traces, logs
          and metrics are kept only as far as buffers reach. The health below is asked of the services
          themselves.
        </p>
        {embedded ? (
          <p>
            Look at the collector’s output in the terminal that runs <code>npm start</code>. Starting again
            brings it back, and what was stored is still there.
          </p>
        ) : (
          <p>Check that Prometheus, Tempo and Loki answer at the addresses the console is configured with.</p>
        )}
        {detail !== '' && <p className={styles.detail}>{detail}</p>}
      </div>
    </div>
  );
}
