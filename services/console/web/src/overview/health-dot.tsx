import type { ReactElement } from 'react';
import styles from './health-dot.module.css';
import { healthLabels } from './health-words.ts';
import type { Health } from './overview-query.ts';

/** A state as a mark whose shape differs as well as its colour. */
export function HealthDot({ state }: { state: Health }): ReactElement {
  return <span className={styles.dot} data-state={state} role="img" aria-label={healthLabels[state]} />;
}
