import { Link } from '@tanstack/react-router';
import type { ReactElement } from 'react';
import { HealthDot } from './health-dot.tsx';
import { healthLabels } from './health-words.ts';
import type { ServiceHealth } from './overview-query.ts';
import styles from './service-card.module.css';

/** One service: its state, why if it is not well, the state of what it depends on, and the ways to its signals. */
export function ServiceCard({ service }: { service: ServiceHealth }): ReactElement {
  const { name, state, detail, dependencies } = service;
  return (
    <article className={styles.card} data-state={state} data-testid="service-card" data-service={name}>
      <header className={styles.header}>
        <HealthDot state={state} />
        <h3 className={styles.name}>{name}</h3>
        <span className={styles.state} data-state={state}>
          {healthLabels[state]}
        </span>
      </header>
      {state !== 'healthy' && detail !== '' && <p className={styles.detail}>{detail}</p>}
      {dependencies.length > 0 && (
        <ul className={styles.dependencies} aria-label={`Dependencies of ${name}`}>
          {dependencies.map((dependency) => (
            <li key={dependency.name} className={styles.dependency}>
              <HealthDot state={dependency.state} />
              <span className={styles.dependencyName}>{dependency.name}</span>
              <span className={styles.dependencyDetail} title={dependency.detail}>
                {dependency.detail}
              </span>
            </li>
          ))}
        </ul>
      )}
      <footer className={styles.links}>
        <Link to="/traces" search={{ service: name, spans: 'all' }}>
          Traces
        </Link>
        <Link to="/logs" search={{ service: name }}>
          Logs
        </Link>
      </footer>
    </article>
  );
}
