import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import type { Session } from '../session/session-query.ts';
import { IbexMark } from '../ui/ibex-mark.tsx';
import { Icon, type IconName } from '../ui/icon.tsx';
import { AccountMenu } from './account-menu.tsx';
import styles from './navigation-rail.module.css';

const places = [
  { to: '/admin/ops', label: 'Overview', icon: 'overview', testId: 'nav-overview' },
  { to: '/traces', label: 'Traces', icon: 'traces', testId: 'nav-traces' },
  { to: '/logs', label: 'Logs', icon: 'logs', testId: 'nav-logs' },
  { to: '/explore/metrics', label: 'Metrics', icon: 'metrics', testId: 'nav-metrics' },
] as const satisfies readonly { to: string; label: string; icon: IconName; testId: string }[];

/** The places of the console, and who is signed in. */
export function NavigationRail({ session }: { session: Session }): ReactElement {
  return (
    <div className={styles.rail}>
      <Link to="/admin/ops" className={styles.brand} aria-label="Ibex, overview">
        <IbexMark size={26} />
        <span className={styles.name}>Ibex</span>
      </Link>
      <nav aria-label="Console">
        <ul className={styles.places}>
          {places.map((place) => (
            <li key={place.to}>
              <Link to={place.to} className={styles.place} data-testid={place.testId} title={place.label}>
                <Icon name={place.icon} size={17} />
                <span className={styles.label}>{place.label}</span>
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles.foot}>
        <AccountMenu session={session} />
      </div>
    </div>
  );
}
