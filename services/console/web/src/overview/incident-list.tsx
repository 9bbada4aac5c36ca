import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { formatAgo, formatTime } from '../time/format-time.ts';
import { useTimeZone } from '../time/time-zone.ts';
import { Icon } from '../ui/icon.tsx';
import styles from './incident-list.module.css';
import type { Incident } from './overview-query.ts';

interface IncidentListProps {
  incidents: readonly Incident[];
  /** Without telemetry, failed requests cannot be known. */
  known: boolean;
}

/** What went wrong lately; a failed request leads to its trace. */
export function IncidentList({ incidents, known }: IncidentListProps): ReactElement {
  if (incidents.length === 0)
    return (
      <p className={styles.none}>
        {known
          ? 'No failed requests and no unhealthy services.'
          : 'Failed requests cannot be told without telemetry.'}
      </p>
    );
  return (
    <ul className={styles.list}>
      {incidents.map((incident) => (
        <li key={`${incident.timeUnixMs} ${incident.traceId} ${incident.title}`}>
          <IncidentLine incident={incident} />
        </li>
      ))}
    </ul>
  );
}

function IncidentLine({ incident }: { incident: Incident }): ReactElement {
  const { traceId } = incident;
  if (traceId === null)
    return (
      <div className={styles.line}>
        <IncidentContent incident={incident} />
      </div>
    );
  return (
    <Link to="/traces/$traceId" params={{ traceId }} className={styles.line} data-linked="true">
      <IncidentContent incident={incident} />
      <Icon name="chevronRight" size={14} />
    </Link>
  );
}

function IncidentContent({ incident }: { incident: Incident }): ReactElement {
  const zone = useTimeZone();
  return (
    <>
      <span className={styles.icon} data-kind={incident.kind}>
        <Icon name={incident.kind === 'failed_request' ? 'alert' : 'service'} size={14} />
      </span>
      <span className={styles.title}>{incident.title}</span>
      <span className={styles.service}>{incident.serviceName}</span>
      <time className={`${styles.time} numeric`} title={formatTime(incident.timeUnixMs, 'full', zone)}>
        {formatAgo(incident.timeUnixMs, Date.now())}
      </time>
    </>
  );
}
